import { posix, win32 } from 'node:path'
import { decodeFile, type ReadText } from './config-file.ts'
import { type Decoded, mapOf, optional, record, text } from './decode.ts'
import type { RegistryAuth } from './engine.ts'

/** Runs `docker-credential-NAME get` with the registry on its stdin. */
export type RunCredentialHelper = (
  name: string,
  registry: string,
) => Promise<{ readonly exitCode: number; readonly stdout: string }>

export interface CredentialSources {
  /** The folder of the Docker CLI's configuration, from `dockerConfigFolder`. */
  readonly folder: string
  readonly platform: NodeJS.Platform
  readonly read: ReadText
  readonly runHelper: RunCredentialHelper
}

export interface FoundCredentials {
  /** Absent: ask without credentials. */
  readonly auth?: RegistryAuth
  /** Why a helper gave none although it should have; for the hint of a refusal. No secrets. */
  readonly warning?: string
}

const entryShape = record({
  auth: optional(text),
  username: optional(text),
  password: optional(text),
  identitytoken: optional(text),
  registrytoken: optional(text),
})
const configShape = record({
  auths: mapOf(entryShape),
  credHelpers: mapOf(text),
  credsStore: optional(text),
})
type Entry = Decoded<typeof entryShape>

/** Docker Hub's name in the Docker CLI's files. */
const HUB = 'https://index.docker.io/v1/'

/**
 * What to show a registry (`host[:port]`, `docker.io`), from the Docker CLI's configuration: its own helper, then the
 * common store, then the file (rule 21). Nothing of it may be logged. Errors: CONTEXT_INVALID when the file is unreadable.
 */
export async function registryAuth(registry: string, sources: CredentialSources): Promise<FoundCredentials> {
  const { join } = sources.platform === 'win32' ? win32 : posix
  const config = await decodeFile(join(sources.folder, 'config.json'), configShape, sources.read)
  if (config === undefined) return {}
  const key = registry === 'docker.io' ? HUB : registry
  const helper = config.credHelpers[key] ?? config.credHelpers[registry] ?? config.credsStore
  const stored = helper ? await askHelper(helper, key, sources.runHelper) : {}
  if (stored.auth !== undefined) return stored
  const entry = config.auths[key] ?? Object.entries(config.auths).find(([name]) => hostOf(name) === hostOf(key))?.[1]
  const auth = entry && headerOf(entry, key)
  return auth === undefined ? stored : { auth }
}

/** `docker login` has written registries with and without scheme and path over the years. */
const hostOf = (registry: string) => registry.replace(/^https?:\/\//, '').replace(/\/.*$/, '')

const answerShape = record({ Username: text, Secret: text })

async function askHelper(name: string, registry: string, run: RunCredentialHelper): Promise<FoundCredentials> {
  const failed = { warning: `The credential helper docker-credential-${name} gave no answer for ${hostOf(registry)}` }
  // A name with a path in it would run any program.
  if (!/^[\w.-]+$/.test(name)) return failed
  try {
    const { exitCode, stdout } = await run(name, registry)
    if (/credentials not found/i.test(stdout)) return {}
    if (exitCode !== 0) return failed
    const { Username, Secret } = answerShape(JSON.parse(stdout), 'credentials')
    // The helpers' way to say that the secret is an identity token.
    const who = Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret }
    return { auth: encoded({ ...who, serveraddress: registry }) }
  } catch {
    return failed
  }
}

function headerOf(entry: Entry, registry: string): RegistryAuth | undefined {
  const serveraddress = registry
  if (entry.identitytoken) return encoded({ identitytoken: entry.identitytoken, serveraddress })
  if (entry.registrytoken) return encoded({ registrytoken: entry.registrytoken, serveraddress })
  const [username, password] = entry.auth ? pair(entry.auth) : [entry.username, entry.password]
  return username ? encoded({ username, password: password ?? '', serveraddress }) : undefined
}

function pair(auth: string): readonly [string, string] {
  const decoded = Buffer.from(auth, 'base64').toString().replace(/\0+$/, '')
  const colon = decoded.indexOf(':')
  return colon < 0 ? ['', ''] : [decoded.slice(0, colon), decoded.slice(colon + 1)]
}

/** base64url with padding: Engine 20.10 wants it. */
function encoded(auth: { readonly [field: string]: string }): RegistryAuth {
  return Buffer.from(JSON.stringify(auth)).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
