import { DdalabError } from '../errors.ts'
import { type ExecTerminal, execInContainer } from '../providers/docker/index.ts'
import { assertServices } from './lifecycle.ts'
import { connect, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface ExecOptions {
  readonly service: string
  readonly command: readonly string[]
  /** Which replica, from 1. */
  readonly index: number
  readonly tty: boolean
  readonly user?: string
  readonly workingDir?: string
  /** `NAME=value`. */
  readonly environment: readonly string[]
}

/** Runs a command in a service's container with the given terminal; resolves to its exit code. */
export async function exec(world: World, target: Target, options: ExecOptions, terminal: ExecTerminal): Promise<number> {
  const open = await openInstance(world, target)
  assertServices(open.stack, [options.service])
  const provider = await connect(world, target)
  try {
    const containers = await provider.containers(open.name)
    const container = containers.find(
      ({ service, number, state }) => service === options.service && number === options.index && state === 'running',
    )
    if (container === undefined) {
      throw new DdalabError('CONTAINER_NOT_FOUND', `Container ${options.index} of "${options.service}" is not running.`, {
        hint: 'See what runs with: ddalab status',
      })
    }
    return await execInContainer(provider.engine, container.id, options, terminal, world.signal)
  } finally {
    provider.close()
  }
}
