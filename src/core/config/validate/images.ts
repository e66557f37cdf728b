import type { Finding } from '../finding.ts'
import { formatPath } from '../path.ts'
import { at, type Rule, type Subject } from './rule.ts'

interface Image {
  readonly path: string
  readonly registry?: string | undefined
  readonly tag?: string | undefined
  readonly isPinned: boolean
}

/** The images that the config names. */
function images({ config: { docker, images = {} } }: Subject): readonly Image[] {
  const named = Object.entries(images).map(([service, text]) => [formatPath(['images', service]), text] as const)
  const all = docker?.image === undefined ? named : [['docker.image', docker.image] as const, ...named]
  return all.map(([path, text]) => ({ path, ...partsOf(text) }))
}

/** Of a reference that the schema has accepted: `[registry/]path[:tag][@digest]`. */
function partsOf(text: string): Omit<Image, 'path'> {
  const [name = '', digest] = text.split('@')
  const slash = name.lastIndexOf('/')
  const [first = ''] = name.split('/')
  return {
    registry: slash !== -1 && /[.:]|^localhost$/.test(first) ? first : undefined,
    tag: name.slice(slash + 1).split(':')[1],
    isPinned: digest !== undefined,
  }
}

const isFloating = ({ tag, isPinned }: Image) => !isPinned && (tag === undefined || tag === 'latest')

function floating(subject: Subject): readonly Finding[] {
  if (subject.environment !== 'production') return []
  return images(subject)
    .filter(isFloating)
    .map(({ path, tag }) =>
      at(
        path,
        tag === undefined ? 'has no tag, which means latest' : 'has the tag latest',
        'Name a version: what runs then changes when you say so, and can be gone back to.',
      ),
    )
}

function unpinned(subject: Subject): readonly Finding[] {
  const isTold = (image: Image) => subject.environment === 'production' && isFloating(image)
  return images(subject)
    .filter((image) => !image.isPinned && !isTold(image))
    .map(({ path }) =>
      at(
        path,
        'has no digest: its tag may be moved to another image',
        'Add @sha256:... to run exactly what was tried.',
      ),
    )
}

/** Port 80 is HTTP wherever it is; other ports may have either, and the engine decides. */
function plainRegistry(subject: Subject): readonly Finding[] {
  return images(subject)
    .filter(({ registry }) => registry?.endsWith(':80') === true)
    .map(({ path }) => at(path, 'comes from a registry without TLS', 'Use a registry with TLS, or pin the digest.'))
}

export const imageRules: readonly Rule[] = [
  {
    id: 'image-floating',
    severity: 'warning',
    about: 'Production runs an image with the tag `latest`, or with none.',
    check: floating,
  },
  {
    id: 'image-without-digest',
    severity: 'info',
    about: 'An image is named by a tag alone, which may be moved.',
    check: unpinned,
  },
  {
    id: 'image-registry-without-tls',
    severity: 'warning',
    about: 'An image comes from a registry at port 80.',
    check: plainRegistry,
  },
]
