import { access } from 'node:fs/promises'
import { isMissing, namesIn } from '../files.ts'
import { type InstancePaths, instancePaths, instancesDirectory, isInstanceName } from './paths.ts'

/** All instances that have a config, by name. FILE_NOT_READABLE when the directory cannot be read. */
export async function listInstances(configHome: string): Promise<readonly InstancePaths[]> {
  const candidates = (await namesIn(instancesDirectory(configHome)))
    .filter(isInstanceName)
    .map((name) => instancePaths(configHome, name))
  const present = await Promise.all(candidates.map(({ config }) => exists(config)))
  return candidates.filter((_, index) => present[index])
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
