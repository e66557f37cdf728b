import { CONFIG_RULES, type Path, type RuleFacts, type RuleFinding, type Severity } from '../../../config/index.ts'
import type { DdalabError, Place, Problem } from '../../../errors.ts'

/** What is found by reading the file, and by looking at the template, the stack, files of this machine and the engine. */
const OTHERS = {
  'not-yaml': ['error', 'The file is no text of its size, or no YAML; or a key is there twice.'],
  'yaml-ambiguous': [
    'warning',
    'A number with a zero in front, or a word such as `yes`: programs that read YAML 1.1 take it for something else.',
  ],
  'version-too-new': ['error', 'A newer ddalab wrote the file.'],
  schema: ['error', 'A key that is no setting, a value of the wrong kind, a version that does not exist.'],
  'identity-unusable': ['warning', 'An identity that could open the secrets is damaged, or others may read it.'],
  'secrets-unreadable': [
    'error',
    'The file is encrypted, and cannot be opened although there is an identity: it was changed, or is damaged.',
  ],

  'template-unusable': ['error', 'There is no such template, or it is not valid.'],
  'value-missing': ['error', 'A parameter that the template needs has no value.'],
  'stack-invalid': ['error', 'Config and template do not make a stack.'],
  'stack-incomplete': ['warning', 'The Compose file of the template has something that is not carried over.'],
  'published-port-clash': ['error', 'Two services publish the same port.'],

  'certificate-missing': ['error', '`ssl.certPath` or `ssl.keyPath` names a file that is not there.'],
  'certificate-unreadable': ['error', 'The certificate or its key may not be read.'],
  'certificate-invalid': [
    'error',
    'The certificate or its key is no PEM file of its kind, or the key has a passphrase.',
  ],
  'certificate-key-mismatch': ['error', 'The key is not that of the certificate.'],
  'certificate-expired': ['error', 'The certificate has expired.'],
  'certificate-not-yet-valid': ['error', 'The certificate is not valid yet.'],
  'certificate-expires-soon': ['warning', 'The certificate expires within 30 days.'],
  'certificate-domain': ['warning', 'The certificate is not for `ingress.domain`.'],
  'certificate-key-exposed': ['warning', 'Every user of the machine may read the key.'],

  'bind-missing': ['error', 'A folder that is to be mounted does not exist.'],
  'port-taken': ['error', 'Another container or program holds a port.'],
  'port-forbidden': ['error', 'A rootless engine may not bind a port.'],
  'name-taken': [
    'error',
    'A container of that name belongs to somebody else, or the containers were deployed from another directory.',
  ],
  'volume-changed': ['error', 'A volume exists with another driver or other options.'],
  'network-changed': ['error', 'A network exists with another driver or another setting.'],
  'external-missing': ['error', 'A network or volume that is made elsewhere does not exist.'],
  'image-platform': ['error', 'An image is not made for the processor of the engine.'],
  'image-absent': ['error', 'An image is not on the engine, and must not be pulled.'],
  'deploy-impossible': ['error', 'Something else that a deploy would find in its way.'],
  'cpus-above-host': ['error', 'A limit is above the processors of the machine, which the engine refuses.'],
  'memory-above-host': ['warning', 'A limit is above the memory of the machine.'],
  'host-not-checked': ['info', 'No engine answered, so that nothing is known of the machine.'],
} as const satisfies { readonly [id: string]: readonly [Severity, string] }

export type OtherRule = keyof typeof OTHERS

/** Every rule that a finding can be of, for the documentation. */
export const ALL_RULES: readonly RuleFacts[] = [
  ...Object.entries(OTHERS).map(([id, [severity, about]]) => ({ id, severity, about })),
  ...CONFIG_RULES.map(({ id, severity, about }) => ({ id, severity, about })),
]

/** A finding with its place, where that is known already: in another file, or where the text is no YAML. */
export interface Found extends RuleFinding {
  readonly place?: Place
}

/** A finding of one of these rules. An empty path: it is nowhere in the config. */
export function found(rule: OtherRule, path: Path, message: string, hint: string): Found {
  return { rule, severity: OTHERS[rule][0], path, part: 'value', message, hint }
}

/** The problems of an error as findings of a rule. */
export function foundIn({ code, message, options }: DdalabError, rule: OtherRule): readonly Found[] {
  const { problems = [{ code, message, ...options }] } = options
  return problems.map((problem) => ofProblem(problem, rule))
}

export function ofProblem({ message, hint, place }: Problem, rule: OtherRule, path: Path = []): Found {
  return { ...found(rule, path, message, hint ?? 'Correct it.'), ...(place !== undefined && { place }) }
}
