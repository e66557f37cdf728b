import { access, readdir } from 'node:fs/promises'
import { DdalabError, systemCode } from '../errors.ts'
import { isMissing } from '../files.ts'
import { type InstancePaths, instancePaths, instancesDirectory, isInstanceName } from './paths.ts'

/** All instances that have a config, by name. FILE_NOT_READABLE when the directory cannot be read. */
export async function listInstances(configHome: string): Promise<readonly InstancePaths[]> {
  const candidates = (await namesIn(instancesDirectory(configHome)))
    .filter(isInstanceName)
    .toSorted()
    .map((name) => instancePaths(configHome, name))
  const present = await Promise.all(candidates.map(({ config }) => exists(config)))
  return candidates.filter((_, index) => present[index])
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw new DdalabError('FILE_NOT_READABLE', `${directory} cannot be read (${systemCode(thrown) ?? 'unknown'})`, {
      hint: 'Run as its owner, or change its permissions.',
      cause: thrown,
    })
  }
}

/** Present also when it may not be looked into: whoever opens it then learns why. */
async function exists(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch (thrown) {
    return !isMissing(thrown)
  }
}
