import { DdalabError } from '../../errors.ts'

/** Identities that may open a file, and where they were looked for. */
export interface Identities {
  /** `AGE-SECRET-KEY-1...` */
  readonly keys: readonly string[]
  readonly lookedIn: readonly string[]
}

const IDENTITY = /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/
/** Identities on a hardware key or in a program of somebody else: of no use here, and no mistake. */
const PLUGIN = /^AGE-PLUGIN-[0-9A-Z-]+$/

/** The identities in the text of an identity file of age. `source` says where the text is from. Error: IDENTITY_INVALID. */
export function parseIdentities(text: string, source: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => {
      const entry = line.trim()
      if (entry === '' || entry.startsWith('#') || PLUGIN.test(entry)) return []
      if (IDENTITY.test(entry)) return [entry]
      throw new DdalabError('IDENTITY_INVALID', `${source}, line ${index + 1}: this is not an age identity`, {
        hint: 'Each line is an identity (AGE-SECRET-KEY-1...) or a comment that starts with #.',
      })
    })
}

/** The text of a new identity file, in the form of `age-keygen`. */
export function identityFile(identity: string, recipient: string, now: Date): string {
  return `# created: ${now.toISOString().replace(/\.\d+Z$/, 'Z')}\n# public key: ${recipient}\n${identity}\n`
}
