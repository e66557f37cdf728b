import type { Readable } from 'node:stream'

/** A line of JSON longer than this is not the engine's; its longest are some kilobytes. */
const LONGEST = 16 * 1024 * 1024

/** The JSON documents of a stream, one a line. An unfinished last line (the stream was cut) is an error of JSON.parse. */
export async function* jsonLines(stream: Readable): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST) throw new Error('the engine sent a line without an end')
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
  }
  if (rest.trim() !== '') yield JSON.parse(rest)
}
