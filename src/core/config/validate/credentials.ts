import type { Finding } from '../finding.ts'
import { formatPath, isTree, type Path } from '../path.ts'
import { isEncrypted } from '../sops/ciphertext.ts'
import { isPlaceholder, isPublished } from './published.ts'
import { at, type Rule, type Subject } from './rule.ts'
import { isWeak, WEAK_BELOW_BITS } from './strength.ts'

/** No message says more than where a secret is and what is wrong with it: what it equals or holds would give it away. */
const REPLACE = 'Replace it by a generated one before others reach it.'

interface Secret {
  readonly path: Path
  readonly value: string
}

/** All secret texts, also those of tables and below `environments`. */
function secretsOf(data: unknown, isSecret: Subject['isSecret'], path: Path = []): readonly Secret[] {
  if (isTree(data)) return Object.entries(data).flatMap(([key, value]) => secretsOf(value, isSecret, [...path, key]))
  return typeof data === 'string' && data !== '' && isSecret(path) ? [{ path, value: data }] : []
}

function open({ config, isSecret }: Subject): readonly Secret[] {
  return secretsOf(config, isSecret).filter(({ value }) => !isEncrypted(value))
}

/** Names that whoever attacks knows or finds out. */
function namesOf({ config, names }: Subject): readonly string[] {
  const { database, storage, cache, auth, ingress, ssl } = config
  const given = [
    ...[database?.user, database?.name, database?.host, storage?.minio?.accessKey, storage?.minio?.bucketName],
    ...[storage?.minio?.host, cache?.redis?.host, auth?.oauth?.clientId, ssl?.letsEncrypt?.email],
    ...[...(auth?.ldap?.bindDn?.split(/[=,]/) ?? []), ...(ingress?.domain?.split('.') ?? []), ingress?.domain],
  ]
  return [...names, ...given.filter((name) => name !== undefined)].filter((name) => name !== '')
}

type Weakness = 'published' | 'placeholder' | 'name' | 'weak'

/** The worst that can be said of a secret. */
function weaknessOf(value: string, names: readonly string[]): Weakness | undefined {
  if (isPublished(value)) return 'published'
  if (isPlaceholder(value)) return 'placeholder'
  if (names.some((name) => name.toLowerCase() === value.toLowerCase())) return 'name'
  return isWeak(value, names) ? 'weak' : undefined
}

function having(weakness: Weakness, message: string): Rule['check'] {
  return (subject) => {
    const names = namesOf(subject)
    return open(subject)
      .filter(({ value }) => weaknessOf(value, names) === weakness)
      .map(({ path }) => at(formatPath(path), message, REPLACE))
  }
}

function shared(subject: Subject): readonly Finding[] {
  return open(subject).flatMap(({ path, value }, index, all) => {
    const former = all.slice(0, index).find((other) => other.value === value)
    if (former === undefined) return []
    return [
      at(
        formatPath(path),
        `is the same as ${formatPath(former.path)}`,
        'Give each its own: who learns one knows both.',
      ),
    ]
  })
}

/** RFC 7518 section 3.2: the key of HS256 has at least 256 bits. */
function shortKey(subject: Subject): readonly Finding[] {
  return open(subject)
    .filter(({ path, value }) => formatPath(path) === 'auth.jwtSecret' && Buffer.byteLength(value) < 32)
    .map(({ path }) => at(formatPath(path), 'is shorter than the 32 characters that a signing key needs', REPLACE))
}

/** What MinIO says no to when it starts. */
function refusedByMinio({ config: { storage } }: Subject): readonly Finding[] {
  const { accessKey, secretKey } = storage?.minio ?? {}
  const isShort = (value: string | undefined, least: number) =>
    value !== undefined && !isEncrypted(value) && value.length < least
  return [
    ...(isShort(accessKey, 3)
      ? [at('storage.minio.accessKey', 'has less than 3 characters, which MinIO refuses', 'Write a longer one.')]
      : []),
    ...(isShort(secretKey, 8)
      ? [at('storage.minio.secretKey', 'has less than 8 characters, which MinIO refuses', REPLACE)]
      : []),
  ]
}

function plainText({ file, isSecret }: Subject): readonly Finding[] {
  return secretsOf(file, isSecret)
    .filter(({ value }) => !isEncrypted(value))
    .map(({ path }) =>
      at(
        formatPath(path),
        'stands in the file in plain text',
        'It will be encrypted at the next write, such as: ddalab config set KEY=VALUE.',
      ),
    )
}

function notOpened({ config, isSecret }: Subject): readonly Finding[] {
  const sealed = secretsOf(config, isSecret).filter(({ value }) => isEncrypted(value))
  const [first] = sealed
  if (first === undefined) return []
  const finding = at(formatPath(first.path), '', 'Run it where the identity is, to have it checked.')
  return [
    {
      ...finding,
      message: `The strength of ${sealed.length} encrypted ${sealed.length === 1 ? 'secret' : 'secrets'} was not checked`,
    },
  ]
}

export const publishedSecret: Rule = {
  id: 'secret-published',
  severity: 'warning',
  about: 'A secret is a default that stands in public files or heads the lists of known passwords.',
  check: having('published', 'is a published default password'),
}

export const credentialRules: readonly Rule[] = [
  publishedSecret,
  {
    id: 'secret-placeholder',
    severity: 'warning',
    about: 'A secret is a text that asks to be replaced by one.',
    check: having('placeholder', 'is a placeholder'),
  },
  {
    id: 'secret-is-name',
    severity: 'warning',
    about: 'A secret is a name that stands elsewhere: of a user, a host, the instance.',
    check: having('name', 'is a name that others know'),
  },
  {
    id: 'secret-weak',
    severity: 'warning',
    about: `A secret is easy to guess: by its length, classes of characters, words, names, repetitions and neighbouring keys it has less than ${WEAK_BELOW_BITS} bits.`,
    check: having('weak', 'is easy to guess'),
  },
  {
    id: 'secret-shared',
    severity: 'warning',
    about: 'Two settings have the same secret.',
    check: shared,
  },
  {
    id: 'jwt-secret-short',
    severity: 'warning',
    about: '`auth.jwtSecret` has less than the 32 characters of a signing key.',
    check: shortKey,
  },
  {
    id: 'minio-credentials-refused',
    severity: 'warning',
    about: 'The credentials of the S3 server are shorter than MinIO accepts.',
    check: refusedByMinio,
  },
  {
    id: 'secret-plain-text',
    severity: 'warning',
    about: 'A secret stands in the file unencrypted. It will be encrypted at the next write.',
    check: plainText,
  },
  {
    id: 'secret-not-opened',
    severity: 'info',
    about: 'Secrets are encrypted and there is no identity to open them: their strength was not checked.',
    check: notOpened,
  },
]
