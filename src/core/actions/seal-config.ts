import { randomBytes } from 'node:crypto'
import { creationRecipients, identityStore, type OwnIdentity, seal, type Unsealed } from '../config/index.ts'
import { secretTest, type Template } from '../stack/index.ts'
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
  template: Pick<Template, 'parameters'>,
  former?: Unsealed,
): Promise<Sealed> {
  let identity: OwnIdentity | undefined
  const recipients = async () => {
    const ruled = await creationRecipients(file)
    if (ruled !== undefined) return ruled
    identity = await identityStore(environment).own(now())
    return [identity.recipient]
  }
  const sealed = await seal(text, file, {
    isSecret: secretTest(template),
    now: now(),
    randomBytes,
    recipients,
    ...(former !== undefined && { former }),
  })
  return { text: sealed, ...(identity !== undefined && { identity }) }
}
