import { DdalabError, systemCode } from '../../../errors.ts'
import { type Endpoint, endpointUrl, isLocal } from './endpoint.ts'
import { abortError } from './engine-errors.ts'

/** Why no engine could be reached at `endpoint`. Errors told: ENGINE_UNREACHABLE, ENGINE_FORBIDDEN, INTERRUPTED. */
export function connectionError(thrown: unknown, endpoint: Endpoint, platform: NodeJS.Platform): DdalabError {
  if (thrown instanceof DdalabError) return thrown
  const aborted = abortError(thrown, `reach the Docker engine at ${endpointUrl(endpoint)}`)
  if (aborted !== undefined) return aborted
  const code = systemCode(thrown) ?? ''
  const where = `${endpointUrl(endpoint)} (${endpoint.source})`
  if (code === 'EACCES' || code === 'EPERM') {
    return new DdalabError('ENGINE_FORBIDDEN', `You may not use the Docker engine at ${where}`, {
      hint: FORBIDDEN_HINT[platform === 'win32' ? 'win32' : 'other'],
      cause: thrown,
    })
  }
  if (endpoint.kind === 'tcp' && isTlsProblem(code, thrown)) {
    return new DdalabError(
      'ENGINE_UNREACHABLE',
      `No trusted connection to the Docker engine at ${where}: ${words(thrown)}`,
      {
        hint: TLS_HINT,
        cause: thrown,
      },
    )
  }
  return new DdalabError(
    'ENGINE_UNREACHABLE',
    `No Docker engine answers at ${where}: ${REASONS[code] ?? words(thrown)}`,
    {
      hint: startHint(endpoint, platform),
      cause: thrown,
    },
  )
}

const FORBIDDEN_HINT = {
  win32: 'Add your user to the group docker-users, sign in again, and see that Docker Desktop runs.',
  other:
    'Add your user to the group docker (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine (`dockerd-rootless-setuptool.sh install`).',
}

const TLS_HINT =
  'For an engine with TLS set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder of its ca.pem, cert.pem and key.pem; for one without, unset them.'

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
}

/** Certificates that do not verify, an engine without TLS behind a TLS client, and the other way round. */
function isTlsProblem(code: string, thrown: unknown): boolean {
  return (
    /^ERR_(SSL|TLS)_|CERT|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH/.test(code) ||
    /HTTP request to an HTTPS server/.test(words(thrown))
  )
}

const words = (thrown: unknown) => (thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown))

function startHint(endpoint: Endpoint, platform: NodeJS.Platform): string {
  if (!isLocal(endpoint)) return 'See that the host is up and that its Docker engine listens at this address.'
  const start =
    platform === 'linux'
      ? 'Start Docker (`sudo systemctl start docker`)'
      : 'Start Docker Desktop and wait until it is ready'
  return `${start}, or name another engine with DOCKER_HOST or --context. \`ddalab doctor\` tells more.`
}
