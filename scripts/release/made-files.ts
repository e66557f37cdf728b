import { completionScript } from '../../src/ui/cli/completion/scripts.ts'
import type { Manifest, PackageFacts } from '../../src/ui/cli/manifest.ts'
import { dateOf } from './changelog.ts'
import { manPage } from './man-page.ts'

/** Files of a release that are made, not copied: what `make` of a file may be. */
export const MAKERS = [
  'man-page',
  'bash-completion',
  'zsh-completion',
  'fish-completion',
  'changelog',
  'licences',
  'copyright',
] as const
export type Maker = (typeof MAKERS)[number]

export interface Sources {
  readonly version: string
  /** Seconds since 1970. */
  readonly at: number
  readonly manifest: Manifest
  readonly facts: PackageFacts
  readonly changelog: string
  /** Our own. */
  readonly licence: string
  /** Those of everything else inside. */
  readonly licences: string
}

export function makeFile(maker: Maker, sources: Sources): string {
  switch (maker) {
    case 'man-page':
      return manPage(sources.manifest, sources.facts, sources.version, dateOf(sources.at))
    case 'bash-completion':
      return completionScript('bash')
    case 'zsh-completion':
      return completionScript('zsh')
    case 'fish-completion':
      return completionScript('fish')
    case 'changelog':
      return sources.changelog
    case 'licences':
      return sources.licences
    case 'copyright':
      return `${sources.licence}\n\n${sources.licences}`
  }
}
