import { get } from '../../../core/config/index.ts'
import { configPath, type TemplateParameter } from '../../../core/stack/index.ts'
import { type Facts, type Field, type Kind, type Step, settingField } from '../field.ts'

/** Sections in which a template's defaults fit together: who changes them knows why, and uses `ddalab init --set`. */
const INNER = /^(?:api|web|database|storage|cache|dda|auth)\.|^environment$|_DEBUG$/

/** What the template has beyond the questions of the other steps: one question for each of its parameters. */
export function ownStep(facts: Facts, asked: ReadonlySet<string>): Step | undefined {
  const { template } = facts
  const fields = template.parameters
    .filter(({ generate, profile }) => generate === undefined && profile === undefined)
    .filter((parameter) => !asked.has(configPath(parameter)) && !isInner(facts, parameter))
    .map((parameter) => parameterField(facts, parameter))
  if (fields.length === 0) return undefined
  return { id: 'own', title: template.title, fields }
}

function isInner({ defaults }: Facts, parameter: TemplateParameter): boolean {
  const path = configPath(parameter)
  return INNER.test(path) && (!parameter.required || get(defaults, path) !== undefined)
}

function parameterField(facts: Facts, parameter: TemplateParameter): Field {
  const path = configPath(parameter)
  const value = get(facts.defaults, path)
  const kind = kindOf(parameter, value)
  const field = settingField(facts, path, {
    label: labelOf(parameter),
    help: parameter.description,
    required: parameter.required && value === undefined && parameter.default === undefined,
    ...(kind !== undefined && { kind }),
    ...(kind === 'port' && { probe: 'port' }),
    ...(kind === 'flag' && { choices: ['true', 'false'].map((one) => ({ value: one, label: one })) }),
  })
  // A default over variables is worked out at the deploy.
  return field.fallback === '' && parameter.default !== undefined && !parameter.default.includes('$')
    ? { ...field, fallback: parameter.default }
    : field
}

/** Of a value that the schema knows nothing of, what its default looks like. */
function kindOf({ name, secret, config }: TemplateParameter, value: unknown): Kind | undefined {
  if (secret) return 'secret'
  if (config !== undefined) return undefined
  if (typeof value === 'boolean') return 'flag'
  if (typeof value !== 'number') return undefined
  return /(?:^|_)PORT$/.test(name) ? 'port' : 'number'
}

/** `WEB_TITLE` as `Web title`, `docker.image` as `Image`. */
function labelOf({ name, config }: TemplateParameter): string {
  const words = (config?.split('.').at(-1) ?? name).replaceAll('_', ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
