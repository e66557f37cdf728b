import { readFileIfExists } from '../../files.ts'
import { registryAuth, runCredentialHelper } from './client/index.ts'

/** What `docker login` has kept for a registry, opened. A secret in all its forms. */
export type StoredLogin =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string }

export interface LoginPlace {
  /** DOCKER_CONFIG, or `~/.docker`. */
  readonly dockerConfigDir: string
  readonly platform: NodeJS.Platform
}

/**
 * The credentials that the engine would be given for a registry (rule 21), for our own requests to it; undefined where there
 * are none. Asks no engine. Errors: CONTEXT_INVALID for a file of the Docker tools that cannot be read.
 */
export async function registryLogin(registry: string, place: LoginPlace): Promise<StoredLogin | undefined> {
  const { auth } = await registryAuth(registry, {
    folder: place.dockerConfigDir,
    platform: place.platform,
    read: readFileIfExists,
    runHelper: runCredentialHelper,
  })
  if (auth === undefined) return undefined
  const said: unknown = JSON.parse(Buffer.from(auth, 'base64url').toString())
  const field = (name: string) => {
    const value: unknown = said !== null && typeof said === 'object' ? Reflect.get(said, name) : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const identity = field('identitytoken')
  const bearer = field('registrytoken')
  const user = field('username')
  if (identity !== undefined) return { kind: 'identity', token: identity }
  if (bearer !== undefined) return { kind: 'bearer', token: bearer }
  return user === undefined ? undefined : { kind: 'password', user, password: field('password') ?? '' }
}
