import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_INSTANCE, instancePaths, listInstances } from '../../../core/instance/index.ts'
import { diskFiles } from '../../../core/stack/template-files.ts'
import type { Values } from './complete.ts'

/** Names from the disk. What cannot be read is not offered: completion never fails. */
export function diskValues(
  configHome: string,
  templatesDir: string,
  { templateFiles = diskFiles, defaultInstance = DEFAULT_INSTANCE } = {},
): Values {
  return async (kind, words) => {
    try {
      switch (kind) {
        case 'instance':
          return (await listInstances(homeIn(words) ?? configHome)).map(({ name }) => name)
        case 'template':
          return [...(await templateFiles.folders(templatesDir))]
        case 'service': {
          const instance = flagIn(words, '--instance', '-i') ?? defaultInstance
          return await services(instancePaths(homeIn(words) ?? configHome, instance).composeFile)
        }
      }
    } catch {
      return []
    }
  }
}

/** The services of the file that the last deployment wrote. */
async function services(composeFile: string): Promise<string[]> {
  const [{ parse }, text] = await Promise.all([import('yaml'), readFile(join(composeFile), 'utf8')])
  const document: unknown = parse(text)
  if (typeof document !== 'object' || document === null || !('services' in document)) return []
  return Object.keys(document.services ?? {})
}

const homeIn = (words: readonly string[]): string | undefined => flagIn(words, '--config-dir')

function flagIn(words: readonly string[], ...flags: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (flags.includes(word)) return words[index + 1]
    const name = flags.find((flag) => word.startsWith(`${flag}=`))
    if (name !== undefined) return word.slice(name.length + 1)
  }
  return undefined
}
