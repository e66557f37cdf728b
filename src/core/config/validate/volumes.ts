import { posix } from 'node:path'
import type { Finding } from '../finding.ts'
import { formatPath } from '../path.ts'
import { at, type Rule, type Subject } from './rule.ts'

interface Volume {
  /** A folder of the host, or the name of a volume. */
  readonly source: string
  readonly path: string
  readonly target: string
}

function volumes({ config: { docker } }: Subject): readonly Volume[] {
  return Object.entries(docker?.volumes ?? {}).map(([source, target]) => ({
    source,
    path: formatPath(['docker', 'volumes', source]),
    target: trimmed(target),
  }))
}

/** Without `.`, `..` and a slash at the end. */
function trimmed(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '')
}

/** As Compose has it: a path of the host begins like one. */
const isFolder = (source: string) => /^(?:[./~]|[A-Za-z]:[\\/]|\\\\)/.test(source)

function samePath(subject: Subject): readonly Finding[] {
  return volumes(subject).flatMap(({ path, target }, index, all) => {
    const former = all.slice(0, index).find((other) => other.target === target)
    if (former === undefined) return []
    return [at(path, `is mounted at ${target}, and so is ${former.path}`, 'Give each its own path in the container.')]
  })
}

function noName(subject: Subject): readonly Finding[] {
  return volumes(subject)
    .filter(({ source }) => !isFolder(source) && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(source))
    .map(({ path }) =>
      at(
        path,
        'is neither the name of a volume nor a folder',
        'A folder begins with /, ./ or ~/; a name has letters, digits, dots, dashes and underscores.',
      ),
    )
}

function relative(subject: Subject): readonly Finding[] {
  return volumes(subject)
    .filter(({ source }) => source.startsWith('.'))
    .map(({ path }) =>
      at(
        path,
        'is relative: it counts from the directory of the instance',
        'Write the whole path, so that it is the same for everybody.',
      ),
    )
}

/** Folders of the system as a whole. Below them only what is named. */
const SYSTEM = new Set([
  ...[
    '/',
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/home',
    '/lib',
    '/lib64',
    '/proc',
    '/root',
    '/run',
    '/sbin',
    '/sys',
    '/usr',
  ],
  ...['/var', '/var/lib', '/var/lib/docker', '/var/run', '/Users', '/System', '/Library', '/private', '~'],
])
const BELOW = ['/boot', '/dev', '/etc', '/proc', '/sys', '/var/lib/docker']
const SOCKET = /(?:docker|containerd|podman)\.sock$|docker_engine$/

function dangerous(subject: Subject): readonly Finding[] {
  return volumes(subject).flatMap(({ source, path }) => {
    if (!isFolder(source)) return []
    if (SOCKET.test(source)) {
      return [at(path, 'gives the container command of the engine, and so of the whole machine', 'Remove it.')]
    }
    const folder = trimmed(source.replaceAll('\\', '/'))
    const isSystem =
      SYSTEM.has(folder) ||
      /^[A-Za-z]:\/?(?:Windows)?$/i.test(folder) ||
      BELOW.some((root) => folder.startsWith(`${root}/`))
    return isSystem ? [at(path, 'gives the container a folder of the system', 'Mount a folder with data only.')] : []
  })
}

/** What an update replaces the container of is gone, but for what lies in a volume. */
function notKept(subject: Subject): readonly Finding[] {
  const { config, mountPoints } = subject
  const dataDir = config.storage?.dataDir
  if (dataDir === undefined || mountPoints === undefined) return []
  const kept = [...mountPoints.map(trimmed), ...volumes(subject).map(({ target }) => target)]
  const folder = trimmed(dataDir)
  if (kept.some((mount) => folder === mount || folder.startsWith(`${mount}/`))) return []
  return [
    at(
      'storage.dataDir',
      'is in no volume: its data is lost when the container is replaced',
      'Mount a volume there with docker.volumes.',
    ),
  ]
}

export const volumeRules: readonly Rule[] = [
  {
    id: 'volume-same-path',
    severity: 'error',
    about: 'Two volumes are mounted at the same path.',
    onRead: true,
    check: samePath,
  },
  {
    id: 'volume-name',
    severity: 'error',
    about: 'A key of `docker.volumes` can be neither the name of a volume nor a folder.',
    check: noName,
  },
  {
    id: 'data-not-kept',
    severity: 'error',
    about: '`storage.dataDir` is in no volume, so that its data would be lost.',
    check: notKept,
  },
  {
    id: 'bind-relative',
    severity: 'warning',
    about: 'A folder of the host is given by a relative path.',
    check: relative,
  },
  {
    id: 'bind-dangerous',
    severity: 'warning',
    about: 'A folder of the system, or the socket of the engine, is mounted into the container.',
    check: dangerous,
  },
]
