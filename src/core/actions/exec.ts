import { setTimeout } from 'node:timers/promises'
import { DdalabError } from '../errors.ts'
import { type ExecStreams, runExec, type Terminal } from '../providers/docker/index.ts'
import { assertServices } from './lifecycle.ts'
import { connect, ofInstance, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

export type { ExecStreams, Terminal }

export interface ExecOptions {
  readonly service: string
  readonly command: readonly string[]
  /** Which replica, from 1. */
  readonly index: number
  readonly user?: string
  readonly workingDir?: string
  readonly environment: { readonly [name: string]: string }
}

/** Runs a command in a service's container with these streams; resolves to its exit code. */
export async function exec(world: World, target: Target, options: ExecOptions, streams: ExecStreams): Promise<number> {
  const open = await openInstance(world, target)
  assertServices(open.stack, [options.service])
  const provider = await connect(world, target)
  try {
    const containers = await provider.containers(open.name)
    const container = containers.find(
      ({ service, number, state }) => service === options.service && number === options.index && state === 'running',
    )
    if (container === undefined) {
      throw new DdalabError(
        'CONTAINER_NOT_FOUND',
        `Container ${options.index} of "${options.service}" is not running.`,
        {
          hint: `See what runs with: ddalab status${ofInstance(open.name)}`,
        },
      )
    }
    const delay = (milliseconds: number) => setTimeout(milliseconds)
    return await runExec(provider.engine, container.id, options, streams, { delay, signal: world.signal })
  } finally {
    await provider.close()
  }
}
