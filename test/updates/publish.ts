import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { docker } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'

/**
 * Publishes a version of a page in the registry of the lab, built on an engine where it leaves nothing: the variables of the
 * image decide what it says, and how it fails.
 */
export async function publish(
  host: string,
  repository: string,
  version: string,
  variables: { readonly [name: string]: string } = {},
): Promise<void> {
  const image = `${lab.registry.address}/${repository}:${version}`
  const given = Object.entries({ VERSION: version, MOOD: 'good', ...variables }).map(
    ([name, value]) => `${name}=${value}`,
  )
  const building = promisify(execFile)(lab.docker, ['build', '-q', '-t', image, '-'], {
    env: { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: '0' },
  })
  building.child.stdin?.end(`FROM ${labImages.busybox}\nENV ${given.join(' ')}\n`)
  await building
  await docker(host, 'push', '-q', image)
  await docker(host, 'rmi', image)
}
