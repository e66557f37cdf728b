import { PUBLISHER } from '../../src/core/self-update/index.ts'

const URL_LINE = /^DEFAULT_URL=.*$/m
const KEY_LINE = /^DEFAULT_KEY=.*$/m

/** The install script of a release: it knows where the releases are, and whose signature they need. */
export function installer(script: string, key = PUBLISHER.key): string {
  if (!URL_LINE.test(script) || !KEY_LINE.test(script))
    throw new Error('The install script has no line DEFAULT_URL=... or DEFAULT_KEY=...')
  return script
    .replace(URL_LINE, () => `DEFAULT_URL='${PUBLISHER.url}'`)
    .replace(KEY_LINE, () => `DEFAULT_KEY='${(key ?? '').trim().split('\n').at(-1)}'`)
}
