import { didYouMean } from '../config/did-you-mean.ts'
import { type Problem, problemsError } from '../errors.ts'
import type { ComposeFile } from './compose/index.ts'
import type { Template } from './template.ts'

/** Throws what is wrong with the Compose file of a template: TEMPLATE_INVALID or INTERPOLATION_FAILED, all at once. */
export function checkTemplate(template: Template, compose: ComposeFile): void {
  const known = [...Object.keys(compose.services), ...Object.keys(compose.inactive)]
  const named = [
    template.main,
    ...template.singleWriter,
    // A probe may be of the service `ingress`, whichever kind that is.
    ...template.probes.map(({ service }) => service),
    ...(template.ingress?.routes ?? []).map(({ service }) => service),
    ...(template.data ?? []).map(({ service }) => service),
  ]
  const unknown = [...new Set(named)].filter((name) => !known.includes(name) && name !== 'ingress')
  throwAll(`The template ${template.name} cannot be used`, [
    ...compose.findings.filter(({ severity }) => severity === 'error'),
    ...unknown.map(
      (name): Problem => ({
        code: 'TEMPLATE_INVALID',
        message: `template.yml of ${template.name} names the service ${name}, which compose.yml does not have`,
        hint: `Its services: ${known.join(', ')}.`,
        place: { file: template.composeFile },
      }),
    ),
    ...dataProblems(template, compose),
  ])
}

function dataProblems(
  { name: template, data = [], composeFile }: Template,
  { services }: ComposeFile,
): readonly Problem[] {
  const problem = (message: string, hint: string): Problem => ({
    code: 'TEMPLATE_INVALID',
    message: `template.yml of ${template}: ${message}`,
    hint,
    place: { file: composeFile },
  })
  const names = data.map(({ name }) => name)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  const unmounted = data.filter(
    (one) =>
      'volume' in one &&
      services[one.service] !== undefined &&
      !services[one.service]?.mounts.some((mount) => mount.type === 'volume' && mount.source === one.volume),
  )
  return [
    ...twice.map((name) => problem(`two entries of data have the name ${name}`, 'Give each a name of its own.')),
    ...unmounted.map(({ name, service }) =>
      problem(`data ${name} is of a volume that ${service} does not mount`, `Name a volume of ${service}.`),
    ),
  ]
}

/** Throws CONFIG_INVALID for names in the config that the stack does not have. */
export function checkNames(section: string, names: readonly string[], known: readonly string[]): void {
  throwAll(
    'The config names what the stack does not have',
    names
      .filter((name) => !known.includes(name))
      .map((name): Problem => {
        const meant = didYouMean(name, known)
        const all = known.length === 0 ? 'There are none.' : `There are ${known.join(', ')}.`
        return {
          code: 'CONFIG_INVALID',
          message: `${section}: the stack has no ${name}`,
          hint: meant === undefined ? all : `Did you mean ${meant}?`,
        }
      }),
  )
}

function throwAll(summary: string, [first, ...rest]: readonly Problem[]): void {
  if (first !== undefined) throw problemsError([first, ...rest], summary)
}
