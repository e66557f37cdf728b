import { parseDocument } from '../document.ts'
import { isSealed, readMetadata } from './metadata.ts'

/** For whom the secrets in the text of a config are encrypted; none when they are not. Needs no identity. Errors: SECRETS_MALFORMED, SECRETS_UNSUPPORTED. */
export function sealRecipients(text: string, file: string): readonly string[] {
  const document = parseDocument(text, file)
  return isSealed(document.data) ? [...new Set(readMetadata(document).keys.map(({ recipient }) => recipient))] : []
}
