import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import type { License } from '../src/ui/cli/installation.ts'

/** What may be part of the program: licences that ask for nothing but their text, which the program brings along. */
const WANTED = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'])
const TEXT = /^(licen[sc]e|copying)(-\w+)?(\.(md|txt))?$/i
/** The innermost package that a bundled file lies in. */
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//
/** For packages that name their licence without bringing its text: `NAME-VERSION.txt`. */
const SUPPLIED = join(import.meta.dirname, 'licenses')

/**
 * The licences of everything that was really bundled, and of the program itself, by name. Throws, with all that is wrong, where
 * a package has no licence text, or a licence that is not wanted.
 */
export function licensesOf(root: string, metafile: Metafile): readonly License[] {
  const folders = new Set(
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
        bytesInOutput > 0 ? (PACKAGE.exec(path)?.[1] ?? []) : [],
      ),
    ),
  )
  return checked([root, ...[...folders].map((folder) => join(root, folder))])
}

/** The licence of the Node that is put into an executable: all of them are of one version, and have the same text. */
export function nodeLicense(packageFolder: string): License {
  const { version } = readPackage(packageFolder)
  return { name: 'node', version, license: 'MIT', text: textIn(packageFolder) ?? '' }
}

/** The licences of packages in their folders, each name and version once. Throws as `licensesOf` does. */
export function checked(folders: readonly string[]): readonly License[] {
  const found = folders.map(licenseIn)
  const problems = found.flatMap(({ name, version, license, text }) => [
    ...(text === '' ? [`${name} ${version} brings no licence text`] : []),
    ...(WANTED.has(license) ? [] : [`${name} ${version} is under ${license || 'no licence'}, which is not wanted`]),
  ])
  if (problems.length > 0) throw new Error(`What is bundled may not be passed on:\n${problems.join('\n')}`)
  const once = new Map(found.map((one) => [`${one.name}@${one.version}`, one]))
  return [...once].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function licenseIn(folder: string): License {
  const { name, version, license } = readPackage(folder)
  return { name, version, license, text: textIn(folder) ?? suppliedText(name, version) }
}

function readPackage(folder: string): Omit<License, 'text'> {
  const { name = '', version = '', license = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { name, version, license }
}

function textIn(folder: string): string | undefined {
  const file = readdirSync(folder).find((entry) => TEXT.test(entry))
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim()
}

function suppliedText(name: string, version: string): string {
  const file = `${name.replace('/', '-')}-${version}.txt`
  return readdirSync(SUPPLIED).includes(file) ? readFileSync(join(SUPPLIED, file), 'utf8').trim() : ''
}
