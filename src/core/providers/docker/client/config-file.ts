import { DdalabError } from '../../../errors.ts'
import type { Decoder } from './decode.ts'

/** Reads a text file; undefined when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>

/** One of the Docker CLI's JSON files; undefined when there is none. Errors: CONTEXT_INVALID. */
export async function decodeFile<T>(path: string, decode: Decoder<T>, read: ReadText): Promise<T | undefined> {
  const content = await read(path)
  if (content === undefined) return undefined
  try {
    return decode(JSON.parse(content), path)
  } catch {
    // Neither the text nor the parser's words, which quote it: the file may hold passwords.
    throw new DdalabError('CONTEXT_INVALID', `The Docker CLI's file ${path} is not as Docker writes it`, {
      hint: 'Check its JSON, or move it away and run `docker login` and `docker context` again.',
    })
  }
}
