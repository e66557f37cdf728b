import { randomBytes } from 'node:crypto'
import { rotate } from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'
import type { World } from '../world.ts'
import type { ConfigEdit } from './prepare-change.ts'

export interface Recipients {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/**
 * Encrypts every secret anew with another key, for the same recipients with some more or fewer. Errors: USAGE for a recipient
 * that is not one, or the last one; SECRETS_*, IDENTITY_*.
 */
export function rotating(world: World, { add, remove }: Recipients): ConfigEdit {
  return async ({ text, file, unsealed }) => {
    if (unsealed === undefined) {
      throw new DdalabError('USAGE', `${file} holds no encrypted secrets.`, {
        hint: 'They are encrypted by the next change of the config: ddalab config set',
        place: { file },
      })
    }
    const unknown = remove.find((recipient) => !unsealed.recipients.includes(recipient))
    if (unknown !== undefined) {
      throw new DdalabError('USAGE', `${unknown} cannot read it anyway.`, {
        hint: `It is encrypted for: ${unsealed.recipients.join(', ')}.`,
      })
    }
    const recipients = [...new Set([...unsealed.recipients, ...add])].filter((one) => !remove.includes(one))
    if (recipients.length === 0) {
      throw new DdalabError('USAGE', 'Somebody must be able to read it.', { hint: 'Add a recipient, or remove fewer.' })
    }
    const rotated = await rotate(text, file, unsealed, { recipients, now: world.now(), randomBytes })
    return { text: rotated, sealedFrom: rotated }
  }
}
