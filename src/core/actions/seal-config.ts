import { randomBytes } from 'node:crypto'
import {
  creationRecipients,
  identityStore,
  isSecretPath,
  type OwnIdentity,
  seal,
  type Unsealed,
} from '../config/index.ts'
import { configPath, type Template } from '../stack/index.ts'
import type { World } from './world.ts'

export interface Sealed {
  readonly text: string
  /** Our own identity, when the text was sealed for it now. */
  readonly identity?: OwnIdentity
}

/**
 * The text of a config with every secret in it encrypted: for those for whom it was sealed before (`former`), else for the
 * recipients of the nearest `.sops.yaml`, else for our own identity, which is made when there is none.
 * Errors: SECRETS_*, IDENTITY_*, FILE_NOT_WRITABLE.
 */
export async function sealConfig(
  { environment, now }: World,
  file: string,
  text: string,
  { parameters }: Pick<Template, 'parameters'>,
  former?: Unsealed,
): Promise<Sealed> {
  const secrets = parameters.filter(({ secret }) => secret).map(configPath)
  const isSecret = (path: Parameters<typeof isSecretPath>[0]) => isSecretPath(path, secrets)
  const options = { isSecret, now: now(), randomBytes }
  if (former !== undefined) return { text: await seal(text, file, { ...options, former, recipients: [] }) }
  const ruled = await creationRecipients(file)
  if (ruled !== undefined) return { text: await seal(text, file, { ...options, recipients: ruled }) }
  const identity = await identityStore(environment).own(now())
  return { text: await seal(text, file, { ...options, recipients: [identity.recipient] }), identity }
}
