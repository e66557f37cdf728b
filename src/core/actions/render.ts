import { redactor } from '../redact.ts'
import { formatEnvLine } from '../stack/env-file.ts'
import { openInstance } from './open.ts'
import type { Target, World } from './world.ts'

export type FileKind = 'compose' | 'env' | 'ingress'

export interface RenderedFile {
  readonly kind: FileKind
  /** Relative to the directory of the instance. */
  readonly path: string
  readonly content: string
}

export interface RenderOptions {
  /** Leave the values of secrets in the text. */
  readonly reveal: boolean
}

/**
 * The files of some kinds that a deploy would write, as text; without `reveal` the values of secrets are masked. Needs no
 * engine and writes nothing. Errors: CONFIG_*, TEMPLATE_*.
 */
export async function render(
  world: World,
  target: Target,
  kinds: readonly FileKind[],
  { reveal }: RenderOptions,
): Promise<readonly RenderedFile[]> {
  // Whoever asks for secrets gets them on stdout: there they must not be masked.
  const { stack } = await openInstance(reveal ? { ...world, hide: () => undefined } : world, target)
  const redact = redactor(stack.secretValues.flatMap((value) => [value, asInEnvFile(value)]))
  return stack.files
    .map(({ path, content, secret }) => {
      const kind = kindOf(path, stack.composeFile)
      // A private key is secret as a whole.
      const masked = secret && kind !== 'env' ? 'This file is secret: --reveal shows it.\n' : redact(content)
      return { kind, path, content: reveal ? content : masked }
    })
    .filter(({ kind }) => kinds.includes(kind))
}

function kindOf(path: string, composeFile = 'docker-compose.yml'): FileKind {
  if (path === composeFile) return 'compose'
  return path === '.env' ? 'env' : 'ingress'
}

/** A value as it is quoted there: what stands in the text may differ from the value itself. */
function asInEnvFile(value: string): string {
  return formatEnvLine('X', value).trimEnd().slice('X='.length)
}
