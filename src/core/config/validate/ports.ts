import type { Finding } from '../finding.ts'
import { at, isWritten, type Rule, type Subject } from './rule.ts'

interface Listener {
  readonly path: string
  readonly place: string | undefined
  readonly port: number | undefined
}

/** What listens where: the same host, container or published port. */
function listeners({ config: { api, web, ingress, database, storage, cache } }: Subject): readonly Listener[] {
  return [
    { path: 'api.port', place: 'app', port: api?.port },
    { path: 'web.port', place: 'app', port: web?.port },
    { path: 'ingress.httpPort', place: 'ingress', port: ingress?.httpPort },
    { path: 'ingress.httpsPort', place: 'ingress', port: ingress?.httpsPort },
    // The ingress publishes the API on a port of its own, with the number it has inside.
    { path: 'api.port', place: 'ingress', port: api?.port },
    { path: 'database.port', place: database?.host, port: database?.port },
    { path: 'storage.minio.port', place: storage?.minio?.host, port: storage?.minio?.port },
    { path: 'cache.redis.port', place: cache?.redis?.host, port: cache?.redis?.port },
  ]
}

function clashes(subject: Subject): readonly Finding[] {
  const all = listeners(subject)
  return all.flatMap((listener, index) => {
    const former = all
      .slice(0, index)
      .find(({ place, port }) => place !== undefined && place === listener.place && port === listener.port)
    if (former === undefined || listener.port === undefined) return []
    // It is told where somebody wrote it, not where a default has it.
    const isTheirs = isWritten(subject, listener.path) || !isWritten(subject, former.path)
    const [here, there] = isTheirs ? [listener, former] : [former, listener]
    return [at(here.path, `is ${listener.port}, and so is ${there.path}`, 'Give each its own port.')]
  })
}

function privileged(subject: Subject): readonly Finding[] {
  const { ingress, api } = subject.config
  const published = {
    'ingress.httpPort': ingress?.httpPort,
    'ingress.httpsPort': ingress?.httpsPort,
    'api.port': api?.port,
  }
  return Object.entries(published).flatMap(([path, port]) =>
    port !== undefined && port < 1024 && isWritten(subject, path)
      ? [at(path, `is ${port}, below 1024`, 'A rootless engine may not bind it without a setting of the host.')]
      : [],
  )
}

export const portRules: readonly Rule[] = [
  {
    id: 'port-clash',
    severity: 'error',
    about: 'Two settings give the same port to two things that listen at the same place.',
    onRead: true,
    check: clashes,
  },
  {
    id: 'port-privileged',
    severity: 'info',
    about: 'A published port is below 1024, which a rootless engine may not bind by itself.',
    check: privileged,
  },
]
