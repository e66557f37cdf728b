/** As esbuild writes it. */
const COPIES_EXPORTS = /^var __toCommonJS = .*;$/m

/**
 * A chunk that gives what it exports, and not a copy: each export is a getter, and to make some hundreds of them twice
 * costs every command about two milliseconds. Throws when the copying is written in a form that is not known.
 */
export function exportsThemselves(code: string): string {
  if (code.includes('__toCommonJS(') && !COPIES_EXPORTS.test(code))
    throw new Error('How a chunk gives its exports is written in a form that is not known')
  return code.replace(COPIES_EXPORTS, 'var __toCommonJS = (mod) => __defProp(mod, "__esModule", { value: true });')
}
