import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import { platformName } from '../../src/core/self-update/index.ts'
import { MAKERS } from './made-files.ts'

export const CONFIG_FILE = '.goreleaser-like-release.yml'

/** Relative, with `/`, and inside. */
const path = z.string().regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\]+$/, 'must be a relative path without ..')

const template = (...names: readonly string[]) =>
  z
    .string()
    .refine((text) => [...text.matchAll(/\{(.*?)\}/g)].every(([, name = '']) => names.includes(name)), {
      error: `may only have ${names.map((name) => `{${name}}`).join(', ')} in it`,
    })
    .refine((text) => names.every((name) => text.includes(`{${name}}`)), {
      error: `must have ${names.map((name) => `{${name}}`).join(', ')} in it`,
    })

const file = z.union(
  [
    z.strictObject({ to: path, from: path, gzip: z.boolean().default(false) }),
    z.strictObject({ to: path, make: z.enum(MAKERS), gzip: z.boolean().default(false) }),
  ],
  { error: `must be {to, from: PATH} or {to, make: ${MAKERS.join(' | ')}}` },
)

const target = z
  .strictObject({
    os: z.enum(['linux', 'macos', 'windows']),
    arch: z.enum(['x64', 'arm64']),
    archives: z.array(z.enum(['tar.gz', 'tar.zst', 'zip'])).min(1),
    /** The processor, by Debian's name. */
    deb: z.enum(['amd64', 'arm64']).optional(),
  })
  .refine(({ os, deb }) => deb === undefined || os === 'linux', { error: 'a .deb is for linux only', path: ['deb'] })

const schema = z.strictObject({
  project: z.string().regex(/^[a-z][a-z0-9-]+$/),
  /** Made anew by every run. */
  output: path,
  targets: z
    .array(target)
    .min(1)
    .refine((all) => new Set(all.map(platformName)).size === all.length, { error: 'names a target twice' }),
  compression: z.strictObject({ gzip: z.int().min(1).max(9), zstd: z.int().min(1).max(19) }),
  archive: z.strictObject({ name: template('version', 'os', 'arch'), files: z.array(file) }),
  deb: z.strictObject({
    name: template('version', 'arch'),
    maintainer: z.string().regex(/^[^<>\n]+ <[^<>@\s]+@[^<>@\s]+>$/, 'must be like: Name <name@example.org>'),
    homepage: z.url(),
    section: z.string(),
    depends: z.array(z.string()),
    recommends: z.array(z.string()),
    files: z.array(file),
  }),
  changelog: z.strictObject({
    name: path,
    exclude: z.array(z.string().transform((text, context) => regularExpression(text, context))),
  }),
  sbom: z.strictObject({ name: template('version') }),
  installer: z.strictObject({ name: path, from: path }),
})

export type ReleaseConfig = z.infer<typeof schema>
export type TargetConfig = ReleaseConfig['targets'][number]
export type FileConfig = z.infer<typeof file>

export function readConfig(root: string): ReleaseConfig {
  return parseReleaseConfig(readFileSync(join(root, CONFIG_FILE), 'utf8'))
}

/** Throws an Error with a line for each thing that is wrong. */
export function parseReleaseConfig(text: string): ReleaseConfig {
  const document = parseDocument(text)
  const broken = document.errors.map(({ message }) => message)
  if (broken.length > 0) throw new Error(`${CONFIG_FILE} is no YAML:\n${broken.join('\n')}`)
  const { success, data, error } = schema.safeParse(document.toJS())
  if (success) return data
  const problems = error.issues.map(({ path: place, message }) => `  ${place.join('.') || 'the file'}: ${message}`)
  throw new Error(`${CONFIG_FILE} is not valid:\n${problems.join('\n')}`)
}

function regularExpression(text: string, context: z.RefinementCtx): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch (thrown) {
    context.addIssue({ code: 'custom', message: `is no regular expression: ${String(thrown)}` })
    return z.NEVER
  }
}

/** A name with its placeholders filled. */
export function fill(name: string, values: { readonly [placeholder: string]: string }): string {
  return name.replaceAll(/\{(.*?)\}/g, (whole, key: string) => values[key] ?? whole)
}
