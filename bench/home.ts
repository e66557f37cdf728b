import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LabEngine, readLab } from '../test/lab/lab.ts'
import { labEnvironment } from './lab-environment.ts'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Straight to the program, as an installed one would be: the launcher script is not what is measured. */
export const ddalab = (...args: readonly string[]): [string, ...string[]] => [
  process.execPath,
  join(ROOT, 'bin/run.js'),
  ...args,
]

/** A place to measure in: the newest engine of the lab, and a home of its own with the templates of the benchmarks. */
export interface BenchHome {
  readonly directory: string
  readonly engine: LabEngine
  /** The newest `docker` command. */
  readonly docker: string
  readonly env: NodeJS.ProcessEnv
  /** For names: benchmarks of two people may share an engine. */
  readonly mark: string
  remove(): Promise<void>
}

export async function benchHome(): Promise<BenchHome> {
  const lab = readLab(await labEnvironment())
  const engine = lab.engines.at(-1)
  if (engine === undefined) throw new Error(`The benchmark needs an engine: ${lab.reason}`)
  const directory = await mkdtemp(join(tmpdir(), 'ddalab-bench-'))
  const config = join(directory, 'docker')
  await mkdir(join(config, 'cli-plugins'), { recursive: true })
  await symlink(lab.compose, join(config, 'cli-plugins/docker-compose'))
  await cp(join(ROOT, 'bench/templates'), join(directory, 'templates'), { recursive: true })
  return {
    directory,
    engine,
    docker: lab.docker,
    mark: randomUUID().slice(0, 8),
    env: {
      ...process.env,
      DDALAB_HOME: directory,
      DOCKER_HOST: engine.host,
      DOCKER_CONFIG: config,
      NODE_EXTRA_CA_CERTS: undefined,
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
