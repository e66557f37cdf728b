import type { FileReference, FileSource, Mount, Service, Stack } from '../../stack/model.ts'
import type { ApiBody } from './client/index.ts'

/** A volume that the engine made and named itself, and where it is mounted. */
export interface AnonymousVolume {
  readonly name: string
  readonly target: string
}

/** Configs and secrets that a service refers to, with what stands behind them. */
export function fileReferences(
  { configs, secrets }: Stack,
  service: Service,
): readonly { readonly reference: FileReference; readonly source: FileSource | undefined }[] {
  return [
    ...service.configs.map((reference) => ({ reference, source: configs[reference.source] })),
    ...service.secrets.map((reference) => ({ reference, source: secrets[reference.source] })),
  ]
}

/** The mounts of the service. Where it leaves a volume to the engine, the one of the replaced container goes on (rule 9). */
export function mountsOf(stack: Stack, service: Service, anonymousVolumes: readonly AnonymousVolume[]): ApiBody[] {
  const claimed = new Set(service.mounts.filter((mount) => !isAnonymous(mount)).map(({ target }) => target))
  const carried = anonymousVolumes.filter(({ target }) => !claimed.has(target))
  const replaced = new Set(carried.map(({ target }) => target))
  return [
    ...service.mounts.filter(({ target }) => !replaced.has(target)).map((mount) => mountBody(stack, mount)),
    ...carried.map(({ name, target }) => ({ Type: 'volume', Source: name, Target: target })),
    ...fileMounts(stack, service),
  ]
}

const isAnonymous = (mount: Mount) => mount.type === 'volume' && mount.source === undefined

function mountBody(stack: Stack, mount: Mount): ApiBody {
  const common = { Type: mount.type, Target: mount.target }
  switch (mount.type) {
    case 'volume':
      return {
        ...common,
        // A volume without a source is anonymous; one with a source bears the engine's name of the stack's volume.
        Source: mount.source === undefined ? '' : (stack.volumes[mount.source]?.name ?? mount.source),
        ReadOnly: mount.readOnly,
        VolumeOptions: { NoCopy: mount.noCopy, ...(mount.subpath !== undefined && { Subpath: mount.subpath }) },
      }
    case 'bind':
      return {
        ...common,
        Source: mount.source,
        ReadOnly: mount.readOnly,
        // Never CreateMountpoint: a missing source is the plan's problem, not a new directory owned by root (rule 39).
        ...(mount.propagation !== undefined && { BindOptions: { Propagation: mount.propagation } }),
      }
    case 'tmpfs':
      return {
        ...common,
        TmpfsOptions: {
          ...(mount.size !== undefined && { SizeBytes: mount.size }),
          ...(mount.mode !== undefined && { Mode: mount.mode }),
        },
      }
  }
}

/** Configs and secrets that are files on the host are bind mounts, as Compose has them. */
function fileMounts(stack: Stack, service: Service): ApiBody[] {
  return fileReferences(stack, service).flatMap(({ reference, source }) =>
    source !== undefined && 'file' in source
      ? [{ Type: 'bind', Source: source.file, Target: reference.target, ReadOnly: true }]
      : [],
  )
}
