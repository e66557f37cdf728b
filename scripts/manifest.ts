import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Plugin } from '@oclif/core/config'
import type { Manifest } from '../src/ui/cli/manifest.ts'

const FILE = 'oclif.manifest.json'

/** Fields that depend on where and how the classes were loaded; our own plugin does not need them. */
const LOCAL = new Set(['isESM', 'relativePath', 'pluginAlias', 'pluginName', 'pluginType'])

/** The manifest of the command classes under `src/commands`, as text: what start-up, help and completion know of them. */
export async function manifestText(root: string): Promise<string> {
  process.env.NODE_ENV = 'production'
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const plugin = new Plugin({
    root,
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
    pjson,
  })
  await plugin.load()
  const commands = Object.entries(plugin.manifest.commands)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, command]) => [id, Object.fromEntries(Object.entries(command).filter(([key]) => !LOCAL.has(key)))])
  return `${JSON.stringify({ version: plugin.manifest.version, commands: Object.fromEntries(commands) }, null, 2)}\n`
}

/** Writes the manifest when it changed. */
export async function writeManifest(root: string): Promise<Manifest> {
  const text = await manifestText(root)
  if (text !== currentText(root)) writeFileSync(join(root, FILE), text)
  return JSON.parse(text)
}

function currentText(root: string): string | undefined {
  try {
    return readFileSync(join(root, FILE), 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = join(import.meta.dirname, '..')
  if (!process.argv.includes('--check')) await writeManifest(root)
  else if ((await manifestText(root)) !== currentText(root)) {
    console.error(`${FILE} is not that of the commands under src/commands. Run: npm run build`)
    process.exitCode = 1
  }
}
