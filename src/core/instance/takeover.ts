import { join } from 'node:path'
import { readFileIfExists, writeFileAtomic } from '../files.ts'
import type { InstancePaths } from './paths.ts'

/** What an import has taken over: containers of the instance's name that were deployed from elsewhere are the instance's own. */
export interface Takeover {
  /** The directory that the containers name as theirs. Exactly this one. */
  readonly workingDir: string
  /** Services there whose work the instance does under another name. */
  readonly replaced: readonly string[]
  /** What was read: a Compose file, a config, or a project. */
  readonly from: string
  /** ISO 8601. */
  readonly at: string
}

/** The takeover of an instance, or undefined. What is no takeover counts as none: nothing of others is touched then. */
export async function readTakeover(paths: InstancePaths): Promise<Takeover | undefined> {
  const text = await readFileIfExists(fileOf(paths))
  return text === undefined ? undefined : parse(text)
}

/** Mode 0600, as all of the instance. */
export function writeTakeover(paths: InstancePaths, takeover: Takeover): Promise<void> {
  return writeFileAtomic(fileOf(paths), `${JSON.stringify(takeover, null, 2)}\n`, { mode: 0o600 })
}

function fileOf({ directory }: InstancePaths): string {
  return join(directory, 'takeover.json')
}

function parse(text: string): Takeover | undefined {
  const data = dataOf(text)
  if (data === null || typeof data !== 'object' || !('workingDir' in data)) return undefined
  const { workingDir } = data
  if (typeof workingDir !== 'string') return undefined
  const replaced = 'replaced' in data && Array.isArray(data.replaced) ? data.replaced.map(String) : []
  const from = 'from' in data ? String(data.from) : ''
  const at = 'at' in data ? String(data.at) : ''
  return { workingDir, replaced, from, at }
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
