import type { Mount } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { type Base, looksLikePath, resolvePath } from './paths.ts'
import { parseSize, readSize } from './units.ts'

const PROPAGATION = ['shared', 'rshared', 'slave', 'rslave', 'private', 'rprivate']
/** Hints of Docker Desktop that no engine acts upon today. */
const WITHOUT_EFFECT = ['rw', 'cached', 'delegated', 'consistent']

/** `volumes` of a service, short and long form, then its `tmpfs`. */
export function readMounts(volumes: Cursor, tmpfs: Cursor, base: Base): readonly Mount[] {
  const mounts = volumes.items().flatMap((item) => (item.isMap ? readLong(item, base) : readShort(item, base)))
  const inMemory = (tmpfs.isList ? tmpfs.items() : tmpfs.present ? [tmpfs] : []).flatMap(readShortTmpfs)
  return [...mounts, ...inMemory]
}

function readShort(item: Cursor, base: Base): readonly Mount[] {
  const text = item.text()
  if (text === undefined) return []
  const parts = splitShort(text)
  if (parts === undefined) {
    item.expected('a volume as in data:/data, ./folder:/data:ro or /data')
    return []
  }
  const { source, target } = parts
  const options = parts.options.filter((option) => !WITHOUT_EFFECT.includes(option))
  const readOnly = options.includes('ro')
  const propagation = options.find((option) => PROPAGATION.includes(option))
  const selinux = options.find((option) => option === 'z' || option === 'Z')
  const noCopy = options.includes('nocopy') || options.includes('volume-nocopy')
  for (const option of options) {
    const known = ['ro', 'nocopy', 'volume-nocopy', propagation, selinux].includes(option)
    if (!known)
      item.error(`${item.name} has the unknown option ${option}`, 'Known are ro, rw, z, Z, nocopy and propagations.')
  }
  if (source === undefined) return [{ type: 'volume', target, readOnly, noCopy }]
  if (!looksLikePath(source)) return [{ type: 'volume', source, target, readOnly, noCopy }]
  return [
    {
      type: 'bind',
      source: resolvePath(source, base),
      target,
      readOnly,
      createHostPath: true,
      ...(propagation !== undefined && { propagation }),
      ...(selinux !== undefined && { selinux }),
    },
  ]
}

interface Short {
  readonly source?: string
  readonly target: string
  readonly options: readonly string[]
}

/** Splits at colons, but not at the one after the letter of a Windows drive. */
function splitShort(text: string): Short | undefined {
  const parts = text.split(/(?<!^[A-Za-z](?=:[\\/])|:[A-Za-z](?=:[\\/])):/)
  const [first = '', second, third, ...rest] = parts
  if (rest.length > 0 || parts.includes('')) return undefined
  if (second === undefined) return { target: first, options: [] }
  return { source: first, target: second, options: third?.split(',') ?? [] }
}

function readLong(item: Cursor, base: Base): readonly Mount[] {
  item.onlyKeys(['type', 'source', 'target', 'read_only', 'consistency', 'bind', 'volume', 'tmpfs', 'image'])
  const target = item.get('target').text()
  const type = item.get('type').text()
  if (target === undefined) {
    item.expected('a volume with a target')
    return []
  }
  const source = item.get('source').text()
  const readOnly = item.get('read_only').boolean() ?? false
  switch (type) {
    case 'volume': {
      const options = item.get('volume')
      options.onlyKeys(['nocopy', 'subpath', 'labels'])
      const subpath = options.get('subpath').text()
      const noCopy = options.get('nocopy').boolean() ?? false
      const named = source === undefined || source === '' ? {} : { source }
      return [{ type, ...named, target, readOnly, noCopy, ...(subpath !== undefined && { subpath }) }]
    }
    case 'bind': {
      const options = item.get('bind')
      options.onlyKeys(['propagation', 'create_host_path', 'selinux', 'recursive'])
      if (options.get('recursive').present) options.get('recursive').warn('bind.recursive is not carried over')
      if (source === undefined) {
        item.expected('a bind with a source')
        return []
      }
      const propagation = options.get('propagation').text()
      const selinux = options.get('selinux').oneOf(['z', 'Z'])
      return [
        {
          type,
          source: resolvePath(source, base),
          target,
          readOnly,
          createHostPath: options.get('create_host_path').boolean() ?? false,
          ...(propagation !== undefined && { propagation }),
          ...(selinux !== undefined && { selinux }),
        },
      ]
    }
    case 'tmpfs': {
      const options = item.get('tmpfs')
      options.onlyKeys(['size', 'mode'])
      const size = readSize(options.get('size'))
      const mode = options.get('mode').integer()
      return [{ type, target, ...(size && { size }), ...(mode !== undefined && { mode }) }]
    }
    default:
      item
        .get('type')
        .error(`${item.name}.type must be volume, bind or tmpfs`, 'Other kinds of mounts are not supported.')
      return []
  }
}

/** `/run` or `/run:size=10m,mode=700`. */
function readShortTmpfs(item: Cursor): readonly Mount[] {
  const text = item.text()
  if (text === undefined) return []
  const [target = '', options = ''] = text.split(':', 2)
  let mount: Mount = { type: 'tmpfs', target }
  for (const option of options.split(',').filter((word) => word !== '')) {
    const [name = '', value = ''] = option.split('=', 2)
    const size = name === 'size' ? parseSize(value) : undefined
    if (size !== undefined) mount = { ...mount, size }
    else if (name === 'mode' && /^[0-7]+$/.test(value)) mount = { ...mount, mode: Number.parseInt(value, 8) }
    else item.warn(`The tmpfs option ${name} of ${item.name} is not carried over`)
  }
  return [mount]
}
