import { setTimeout as timer } from 'node:timers/promises'
import { parseHost } from '../../../src/core/providers/docker/client/endpoint.ts'
import { type ApiBody, connect, type Delay, type Engine } from '../../../src/core/providers/docker/client/index.ts'
import { labImages } from '../../lab/lab.ts'

/** Connects to an engine of the lab, or to any address written as in DOCKER_HOST. */
export function connectTo(host: string): Promise<Engine> {
  return connect([parseHost(host, 'the test')], process.platform)
}

/** Real time. */
export const delay: Delay = (milliseconds, signal) =>
  timer(milliseconds, undefined, signal === undefined ? {} : { signal })

/** No time at all, and a record of what was asked for. */
export function noDelay(): { readonly delay: Delay; readonly asked: number[] } {
  const asked: number[] = []
  const delay: Delay = async (milliseconds, signal) => {
    signal?.throwIfAborted()
    asked.push(milliseconds)
  }
  return { delay, asked }
}

/** What every test container carries, so that a broken-off run can be cleaned by hand. */
const LABELS = { 'io.ddalab.test': 'client' }

/** Runs a busybox container under a name of its own; the caller removes it with `removeAll`. */
export async function runBusybox(
  engine: Engine,
  name: string,
  command: readonly string[],
  body: ApiBody = {},
  host: ApiBody = {},
): Promise<string> {
  await engine.containers.remove(name, { force: true, volumes: true })
  const { id } = await engine.containers.create({
    name,
    body: { Image: labImages.busybox, Cmd: command, Labels: LABELS, StopTimeout: 1, ...body, HostConfig: host },
  })
  await engine.containers.start(id)
  return id
}

/** Removes the containers of a test file, by the beginning of their names. */
export async function removeAll(engine: Engine, prefix: string): Promise<void> {
  const containers = await engine.containers.list({ labels: LABELS })
  const ours = containers.filter(({ Names }) => Names.some((name) => name.startsWith(`/${prefix}`)))
  await Promise.all(ours.map(({ Id }) => engine.containers.remove(Id, { force: true, volumes: true })))
}

/** All that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
