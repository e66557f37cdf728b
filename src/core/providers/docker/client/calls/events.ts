import type { Readable } from 'node:stream'
import { DdalabError } from '../../../../errors.ts'
import type { Engine } from '../engine.ts'
import { describeEngineError } from '../engine-errors.ts'
import { jsonLines } from '../json-lines.ts'
import { type EngineEvent, engineEventShape } from '../shapes.ts'
import { type Access, attempt, filters, readable, wire } from './call.ts'

const LISTEN = 'listen to the events of the Docker engine'

export function eventCall({ docker }: Access): Engine['events'] {
  return ({ type, event, labels }, signal) =>
    attempt(LISTEN, async () => {
      const query = filters({ type, event, ...(labels && { labels }) })
      return events(readable(await (await docker()).getEvents(wire({ query, signal }))), signal)
    })
}

async function* events(stream: Readable, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  try {
    for await (const line of jsonLines(stream)) yield engineEventShape(line, 'event')
  } catch (thrown) {
    if (signal.aborted) return
    throw describeEngineError(thrown, LISTEN)
  }
  if (!signal.aborted) throw new DdalabError('ENGINE_GONE', 'The Docker engine ended its stream of events')
}
