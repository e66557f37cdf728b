import { type Container, containerLogs } from '../client/index.ts'
import type { OperationTools } from './tools.ts'

/** Enough of a log to see why something failed, without burying the message. */
const LOG_LINES = 15
const CHECK_LINES = 5

/** Why a container failed, in its own words: the last output of its health check and the last lines of its log. */
export async function failureEvidence(
  { engine, redact }: OperationTools,
  id: string,
  container: Container | undefined,
): Promise<readonly string[]> {
  if (container === undefined) return []
  const check = container.State.Health?.Log.at(-1)
  const checked = (check?.Output ?? '').trim().split('\n').filter(Boolean).slice(-CHECK_LINES)
  const logged = await lastLines(engine, id)
  return [
    ...checked.map((line) => `health check: ${line}`),
    ...logged.map((line) => `log: ${line}`),
    ...(container.State.Error === '' ? [] : [`engine: ${container.State.Error}`]),
  ].map(redact)
}

/** A log that cannot be read (rule 53) must not hide the failure that it was read for. */
async function lastLines(engine: OperationTools['engine'], id: string): Promise<readonly string[]> {
  try {
    const logs = await containerLogs(engine, id, { tail: LOG_LINES })
    if (logs.kind === 'unreadable') return [`(its log driver "${logs.driver}" cannot be read)`]
    return (await Array.fromAsync(logs.lines)).flat().map(({ line }) => line)
  } catch {
    return []
  }
}
