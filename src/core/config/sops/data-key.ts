import { DdalabError } from '../../errors.ts'
import type { Identities } from './identities.ts'
import type { Metadata, WrappedKey } from './metadata.ts'

const DATA_KEY_BYTES = 32

/** Loaded when something is to be opened or sealed: it brings its own cryptography along. */
const age = () => import('age-encryption')

/** A new identity, `AGE-SECRET-KEY-1...`. */
export async function newIdentity(): Promise<string> {
  return (await age()).generateX25519Identity()
}

/** The recipient of an identity, `age1...`. Error: IDENTITY_INVALID, without the identity. */
export async function recipientOf(identity: string): Promise<string> {
  const { identityToRecipient } = await age()
  try {
    return await identityToRecipient(identity)
  } catch {
    throw new DdalabError('IDENTITY_INVALID', 'An age identity is not well formed', {
      hint: 'Copy it again: AGE-SECRET-KEY-1 and 58 letters and digits.',
    })
  }
}

/**
 * The data key of a file. Errors: IDENTITY_MISSING when it is for other recipients, IDENTITY_INVALID, SECRETS_TAMPERED when
 * it is for ours and does not open.
 */
export async function openDataKey({ keys }: Metadata, identities: Identities, file: string): Promise<Uint8Array> {
  const { Decrypter, armor } = await age()
  const own = new Set(await Promise.all(identities.keys.map(recipientOf)))
  const decrypter = new Decrypter()
  for (const identity of identities.keys) decrypter.addIdentity(identity)
  const damaged: string[] = []
  for (const { recipient, enc } of keys) {
    try {
      const key = await decrypter.decrypt(armor.decode(enc))
      if (key.length === DATA_KEY_BYTES) return key
    } catch {
      // It is for somebody else, unless it says that it is for us.
    }
    if (own.has(recipient)) damaged.push(recipient)
  }
  if (damaged.length > 0) {
    throw new DdalabError('SECRETS_TAMPERED', `The data key in ${file} for ${damaged.join(', ')} has been changed`, {
      hint: 'Take the file back from a backup.',
      place: { file },
    })
  }
  const recipients = keys.map(({ recipient }) => recipient)
  const places = identities.lookedIn.length === 0 ? '' : ` Looked in: ${identities.lookedIn.join(', ')}.`
  throw new DdalabError(
    'IDENTITY_MISSING',
    `No identity here opens the secrets in ${file}. It was sealed for ${recipients.join(', ')}`,
    {
      hint: `Put the identity of one of them in place (a file with mode 0600, or SOPS_AGE_KEY_FILE).${places}`,
      place: { file },
    },
  )
}

/** The data key for each of these recipients. Error: SECRETS_UNSUPPORTED for one that is no age recipient. */
export async function wrapDataKey(dataKey: Uint8Array, recipients: readonly string[]): Promise<readonly WrappedKey[]> {
  const { Encrypter, armor } = await age()
  return Promise.all(
    [...new Set(recipients)].map(async (recipient) => {
      const encrypter = new Encrypter()
      try {
        encrypter.addRecipient(recipient)
      } catch (cause) {
        throw new DdalabError('SECRETS_UNSUPPORTED', `${JSON.stringify(recipient)} is not an age recipient`, {
          hint: 'Recipients start with age1; the identity of each stands beside its recipient.',
          cause,
        })
      }
      return { recipient, enc: `${armor.encode(await encrypter.encrypt(dataKey)).trimEnd()}\n` }
    }),
  )
}
