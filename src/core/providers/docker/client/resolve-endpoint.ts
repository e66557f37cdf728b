import { posix, win32 } from 'node:path'
import { DdalabError } from '../../../errors.ts'
import { builtin } from './builtin.ts'
import { decodeFile, type ReadText } from './config-file.ts'
import { flag, mapOf, optional, record, text } from './decode.ts'
import { defaultEndpoint, type Endpoint, parseHost, type TlsMaterial } from './endpoint.ts'

/** What the choice of an endpoint depends on; the caller reads it from the process. */
export interface EndpointFacts {
  /** `--context`. */
  readonly context?: string
  readonly environment: { readonly [name: string]: string | undefined }
  readonly home: string
  readonly platform: NodeJS.Platform
}

/** The folder of the Docker CLI's own configuration: DOCKER_CONFIG or `~/.docker`. */
export function dockerConfigFolder({ environment, home, platform }: EndpointFacts): string {
  return environment.DOCKER_CONFIG || pathsOf(platform).join(home, '.docker')
}

const pathsOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix)

const configShape = record({ currentContext: optional(text) })

/**
 * The endpoint by the precedence of the Docker CLI (rule 47): `--context`, DOCKER_HOST, DOCKER_CONTEXT, the config's
 * `currentContext`, the default. A named context called `default` means DOCKER_HOST or the default, as there.
 * Gives one endpoint when something names it, else the usual places in the order to try them (rule 51).
 * Errors: CONTEXT_INVALID.
 */
export async function resolveEndpoints(
  facts: EndpointFacts,
  read: ReadText,
): Promise<readonly [Endpoint, ...Endpoint[]]> {
  const { environment } = facts
  const folder = dockerConfigFolder(facts)
  if (facts.context && facts.context !== 'default')
    return [await contextEndpoint(facts.context, '--context', facts, read)]
  if (environment.DOCKER_HOST) return [await hostFromEnvironment(environment.DOCKER_HOST, facts, read)]
  if (facts.context) return usualPlaces(facts)
  if (environment.DOCKER_CONTEXT) {
    if (environment.DOCKER_CONTEXT === 'default') return usualPlaces(facts)
    return [await contextEndpoint(environment.DOCKER_CONTEXT, 'DOCKER_CONTEXT', facts, read)]
  }
  const configFile = pathsOf(facts.platform).join(folder, 'config.json')
  const current = (await decodeFile(configFile, configShape, read))?.currentContext
  if (current && current !== 'default') return [await contextEndpoint(current, configFile, facts, read)]
  return usualPlaces(facts)
}

const contextShape = record({
  Endpoints: mapOf(record({ Host: optional(text), SkipTLSVerify: optional(flag) })),
})

async function contextEndpoint(name: string, from: string, facts: EndpointFacts, read: ReadText): Promise<Endpoint> {
  const { join } = pathsOf(facts.platform)
  const contexts = join(dockerConfigFolder(facts), 'contexts')
  const id = builtin.crypto.createHash('sha256').update(name).digest('hex')
  const source = `context "${name}" (${from})`
  const docker = (await decodeFile(join(contexts, 'meta', id, 'meta.json'), contextShape, read))?.Endpoints.docker
  if (docker?.Host === undefined) {
    throw new DdalabError('CONTEXT_INVALID', `There is no Docker context "${name}", which ${from} names`, {
      hint: 'List the contexts with `docker context ls`, and choose one with --context.',
    })
  }
  const tls = await readCertificates(join(contexts, 'tls', id, 'docker'), facts, read)
  if (tls !== undefined && docker.SkipTLSVerify === true) {
    // Rule 50: who does not verify talks to anyone.
    throw new DdalabError('CONTEXT_INVALID', `The ${source} asks not to verify the engine's certificate`, {
      hint: `Give it the right CA: docker context update ${name} --docker "host=${docker.Host},ca=FILE,cert=FILE,key=FILE".`,
    })
  }
  return parseHost(docker.Host, source, tls)
}

/** DOCKER_HOST, with TLS when DOCKER_TLS_VERIFY or DOCKER_TLS is set; certificates from DOCKER_CERT_PATH or the config folder. */
async function hostFromEnvironment(host: string, facts: EndpointFacts, read: ReadText): Promise<Endpoint> {
  const { environment } = facts
  const secured = Boolean(environment.DOCKER_TLS_VERIFY || environment.DOCKER_TLS)
  if (!secured) return parseHost(host, 'DOCKER_HOST')
  const folder = environment.DOCKER_CERT_PATH || dockerConfigFolder(facts)
  const tls = await readCertificates(folder, facts, read)
  if (tls?.ca === undefined && environment.DOCKER_CERT_PATH) {
    throw new DdalabError('CONTEXT_INVALID', `DOCKER_CERT_PATH has no ca.pem: ${folder}`, {
      hint: 'Put ca.pem, cert.pem and key.pem there, or unset DOCKER_CERT_PATH.',
    })
  }
  return parseHost(host, 'DOCKER_HOST', tls ?? {})
}

async function readCertificates(
  folder: string,
  { platform }: EndpointFacts,
  read: ReadText,
): Promise<TlsMaterial | undefined> {
  const { join } = pathsOf(platform)
  const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map((file) => read(join(folder, file))))
  if (ca === undefined && cert === undefined && key === undefined) return undefined
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}

/** Rule 51: the default, then rootless engines, the desktop applications, and Podman. */
function usualPlaces({ environment, home, platform }: EndpointFacts): readonly [Endpoint, ...Endpoint[]] {
  const first = defaultEndpoint(platform, 'the default socket')
  if (platform === 'win32') {
    const pipe = (name: string, source: string): Endpoint => ({ kind: 'npipe', path: `//./pipe/${name}`, source })
    return [first, pipe('dockerDesktopLinuxEngine', 'Docker Desktop'), pipe('podman-machine-default', 'Podman')]
  }
  const socket = (path: string, source: string): Endpoint => ({ kind: 'unix', path, source })
  const inHome = (path: string, source: string) => socket(posix.join(home, path), source)
  if (platform === 'darwin') {
    return [
      first,
      inHome('.docker/run/docker.sock', 'Docker Desktop'),
      inHome('.orbstack/run/docker.sock', 'OrbStack'),
      inHome('.colima/default/docker.sock', 'Colima'),
      inHome('.rd/docker.sock', 'Rancher Desktop'),
    ]
  }
  const runtime = environment.XDG_RUNTIME_DIR
  return [
    first,
    ...(runtime ? [socket(posix.join(runtime, 'docker.sock'), 'the rootless engine')] : []),
    inHome('.docker/run/docker.sock', 'the rootless engine'),
    inHome('.docker/desktop/docker.sock', 'Docker Desktop'),
    ...(runtime ? [socket(posix.join(runtime, 'podman/podman.sock'), 'rootless Podman')] : []),
    socket('/run/podman/podman.sock', 'Podman'),
  ]
}
