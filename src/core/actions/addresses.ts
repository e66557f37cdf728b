import type { ObservedContainer } from '../providers/docker/index.ts'
import type { Stack } from '../stack/index.ts'

/** Where a person opens the stack: its ingress, or the TCP ports that its main service publishes on this host. */
export function addresses({ ingress, main }: Stack, containers: readonly ObservedContainer[]): readonly string[] {
  if (ingress?.url !== undefined) return [ingress.url]
  const own = containers.filter(({ service, state }) => service === main && state === 'running')
  const urls = own.flatMap(({ ports }) =>
    ports
      .filter(({ protocol, published }) => protocol === 'tcp' && published > 0)
      .map(({ ip, published }) => `http://${hostOf(ip)}:${published}`),
  )
  return [...new Set(urls)]
}

/** An address that listens everywhere is reached from here as localhost. */
function hostOf(ip: string): string {
  if (ip === '' || ip === '0.0.0.0' || ip === '::') return 'localhost'
  return ip.includes(':') ? `[${ip}]` : ip
}
