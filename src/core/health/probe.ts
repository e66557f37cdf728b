import type { Probe } from '../stack/index.ts'

export interface ProbeResult {
  readonly name: string
  readonly service: string
  readonly type: Probe['type'] | 'container'
  /** `unknown`: the question could not be put (no tool for it in the image). */
  readonly verdict: 'ok' | 'failed' | 'unknown'
  readonly message: string
  readonly elapsedMs: number
}

/** Runs a command inside a service's container. */
export type RunInside = (
  service: string,
  command: readonly string[],
  signal: AbortSignal,
) => Promise<{ readonly exitCode: number; readonly output: string }>

export interface ProbeTools {
  readonly runInside: RunInside
  readonly signal: AbortSignal
  /** A clock in ms for elapsed times. */
  readonly clock: () => number
}

type Answer = Pick<ProbeResult, 'verdict' | 'message'>

/** Puts one question from outside and judges the answer; never throws. */
export async function runProbe(probe: Probe, tools: ProbeTools): Promise<ProbeResult> {
  const began = tools.clock()
  const timeout = AbortSignal.timeout(probe.timeout)
  const signal = AbortSignal.any([tools.signal, timeout])
  const answer = await ask(probe, { ...tools, signal }).catch((error: unknown): Answer => {
    if (timeout.aborted) return { verdict: 'failed', message: `no answer within ${probe.timeout / 1000} s` }
    return { verdict: 'failed', message: error instanceof Error ? error.message : String(error) }
  })
  return { name: probe.name, service: probe.service, type: probe.type, ...answer, elapsedMs: tools.clock() - began }
}

function ask(probe: Probe, tools: ProbeTools): Promise<Answer> {
  switch (probe.type) {
    case 'http':
      return askHttp(probe, tools.signal)
    case 'tcp':
      return askTcp(probe.host, probe.port, tools.signal)
    case 'command':
      return askCommand(probe.service, probe.command, tools)
    case 'dependency':
      return askDependency(probe, tools)
  }
}

async function askHttp(probe: Extract<Probe, { type: 'http' }>, signal: AbortSignal): Promise<Answer> {
  const { request } = probe.url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const status = await new Promise<number>((resolve, reject) => {
    const call = request(
      probe.url,
      {
        signal,
        agent: false,
        // Self-signed certificates are our own default: the probe asks about the service, not about the certificate.
        rejectUnauthorized: !probe.insecureTls,
        ...(probe.hostHeader !== undefined && { headers: { host: probe.hostHeader }, servername: probe.hostHeader }),
      },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    call.once('error', reject)
    call.end()
  })
  const ok = probe.expectStatus.includes(status)
  return { verdict: ok ? 'ok' : 'failed', message: `${probe.url} answered ${status}` }
}

async function askTcp(host: string, port: number, signal: AbortSignal): Promise<Answer> {
  const { connect } = await import('node:net')
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port, signal })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
  return { verdict: 'ok', message: `${host}:${port} accepts connections` }
}

async function askCommand(
  service: string,
  command: readonly string[],
  { runInside, signal }: ProbeTools,
): Promise<Answer> {
  const { exitCode, output } = await runInside(service, command, signal)
  const said = output.trim().split('\n').at(-1) ?? ''
  return exitCode === 0
    ? { verdict: 'ok', message: said === '' ? 'exit code 0' : said }
    : { verdict: 'failed', message: `exit code ${exitCode}${said === '' ? '' : `: ${said}`}` }
}

/** What a container may have to open a connection with, tried in turn; exit code 127 when it has nothing. */
const CONNECT = `
if command -v nc >/dev/null 2>&1; then nc -z -w 3 "$1" "$2" </dev/null
elif command -v bash >/dev/null 2>&1; then bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null
elif command -v python3 >/dev/null 2>&1; then python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)' "$1" "$2" 2>/dev/null
else exit 127
fi`

async function askDependency(
  { service, target, port }: Extract<Probe, { type: 'dependency' }>,
  { runInside, signal }: ProbeTools,
): Promise<Answer> {
  const { exitCode } = await runInside(service, ['sh', '-c', CONNECT, 'probe', target, String(port)], signal)
  if (exitCode === 0) return { verdict: 'ok', message: `${service} reaches ${target}:${port}` }
  if (exitCode === 126 || exitCode === 127)
    return { verdict: 'unknown', message: `${service} has no tool to try ${target}:${port} with` }
  return { verdict: 'failed', message: `${service} does not reach ${target}:${port}` }
}
