import type { RenderedFile } from '../../../core/actions/render.ts'
import { paint, type Style } from '../style.ts'

/** One file as it is, to be redirected into one; several with a heading each. */
export function renderFiles(files: readonly RenderedFile[], style: Style): string {
  if (files.length === 1) return files[0]?.content ?? ''
  return files.map(({ path, content }) => `${paint(style, 'strong', `==> ${path} <==`)}\n${content}`).join('\n')
}
