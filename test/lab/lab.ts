import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A Docker engine that tests may use, and break. */
export interface LabEngine {
  readonly name: string
  /** Address as in DOCKER_HOST. */
  readonly host: string
  /** Version of the engine, such as `28.5.2`. */
  readonly version: string
}

/** A registry on a loopback address, which engines reach without TLS. `credentials` is null where it asks for none. */
export interface LabRegistry {
  /** `host:port`, the first part of a reference. */
  readonly address: string
  readonly credentials: { readonly user: string; readonly password: string } | null
}

export interface Lab {
  readonly available: boolean
  /** Why it is not available, for the skipped tests' report. */
  readonly reason: string
  /** Oldest and newest; one engine where a contributor's own is used; none where nothing is available. */
  readonly engines: readonly LabEngine[]
  /** The newest of them alone: for tests of what is ours, whatever the engine. */
  readonly newest: readonly LabEngine[]
  readonly registry: LabRegistry
  readonly privateRegistry: LabRegistry
  /** Path of the newest `docker` command. */
  readonly docker: string
  /** Path of the Compose v2 binary: the oracle for rendering and visibility. */
  readonly compose: string
  /** Paths of the tools that sign images and files; empty where they are not to be had. */
  readonly cosign: string
  readonly minisign: string
}

/** Images that every lab engine has. The tags of `app` are its versions and its faults. */
export const labImages = {
  busybox: 'ddalab-local/busybox:latest',
  postgres: 'ddalab-local/postgres:15',
  redis: 'ddalab-local/redis:7',
  s3: 'ddalab-local/s3:latest',
  caddy: 'ddalab-local/caddy:latest',
  nginx: 'ddalab-local/nginx:latest',
  app: 'ddalab-local/app:1.0.0',
  appNext: 'ddalab-local/app:1.1.0',
  appNeverHealthy: 'ddalab-local/app:never-healthy',
  appCrashAtStart: 'ddalab-local/app:crash-at-start',
  appCrashAfter5s: 'ddalab-local/app:crash-after-5s',
  appSlowStart: 'ddalab-local/app:slow-start',
  appWrongPlatform: 'ddalab-local/app:wrong-platform',
} as const

/** Reads the lab's description as `lab.sh env` prints it and the global set-up puts it into the environment. */
export function readLab(environment: Readonly<Record<string, string | undefined>>): Lab {
  const value = (key: string): string => environment[`DDALAB_LAB_${key}`] ?? ''
  const engines = ['OLD', 'NEW']
    .map((key) => ({
      name: key.toLowerCase(),
      host: value(`ENGINE_${key}`),
      version: value(`ENGINE_${key}_VERSION`),
    }))
    .filter((engine) => engine.host !== '')
  return {
    available: engines.length > 0,
    reason: value('UNAVAILABLE') || (engines.length > 0 ? '' : 'test/lab/lab.sh up has not been run'),
    engines,
    newest: engines.slice(-1),
    registry: { address: value('REGISTRY'), credentials: null },
    privateRegistry: {
      address: value('REGISTRY_AUTH'),
      credentials: { user: value('REGISTRY_USER'), password: value('REGISTRY_PASSWORD') },
    },
    docker: value('DOCKER'),
    compose: value('COMPOSE'),
    cosign: value('COSIGN'),
    minisign: value('MINISIGN'),
  }
}

/** The lab of this test run. */
export const lab: Lab = readLab(process.env)

/** Runs `lab.sh` with a verb; resolves to what it prints. */
export async function labCommand(...words: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL('lab.sh', import.meta.url))
  const { stdout } = await promisify(execFile)('bash', [script, ...words])
  return stdout.trim()
}

/** An engine for one test, which may be stopped, killed or filled up. */
export interface ThrowAwayEngine extends LabEngine {
  readonly start: () => Promise<void>
  /** Stops its containers first, as a service manager does. */
  readonly stop: () => Promise<void>
  /** As a crash does. */
  readonly kill: () => Promise<void>
  readonly remove: () => Promise<void>
  /** Copies images from another engine of the lab, without a registry. */
  readonly load: (from: string, ...images: readonly string[]) => Promise<void>
}

/**
 * Starts an engine of its own for a test. `disk` (such as `64m`) limits the size of its data directory.
 * The caller removes it. Needs root: it rejects where the lab is a contributor's own engine.
 */
export async function throwAwayEngine(
  name: string,
  options: { readonly tools?: 'new' | 'old'; readonly disk?: string } = {},
): Promise<ThrowAwayEngine> {
  const tools = options.tools ?? 'new'
  const disk = options.disk === undefined ? [] : ['--disk', options.disk]
  const start = () => labCommand('engine-start', name, '--tools', tools, ...disk)
  const verb = (word: string) => async (): Promise<void> => {
    await labCommand(word, name)
  }
  return {
    name,
    host: await start(),
    version: lab.engines.find((engine) => engine.name === tools)?.version ?? '',
    start: async () => {
      await start()
    },
    stop: verb('engine-stop'),
    kill: verb('engine-kill'),
    remove: verb('engine-remove'),
    load: async (from, ...images) => {
      await labCommand('copy-images', from, name, ...images)
    },
  }
}
