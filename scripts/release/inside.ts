import { join } from 'node:path'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { renderLicenses } from '../../src/ui/cli/views/licenses.ts'
import { commandGroups } from '../command-groups.ts'
import { programChunks } from '../executable/chunks.ts'
import { hostTarget } from '../executable/index.ts'
import { factsOf } from '../executable/targets.ts'
import { licensesOf, nodeLicense } from '../licenses.ts'
import { manifestText } from '../manifest.ts'
import { type Component, npmPurl } from './sbom.ts'

/** What of others is in the executable: the packages of which something is in the bundle, and Node; and their licences as text. */
export async function inside(
  root: string,
): Promise<{ readonly components: readonly Component[]; readonly licences: string }> {
  const host = hostTarget()
  if (host === undefined) throw new Error(`Executables are not made on ${process.platform}-${process.arch}`)
  const { metafile } = await programChunks(root, commandGroups(JSON.parse(await manifestText(root))))
  const node = nodeLicense(join(root, 'node_modules', factsOf(host).package))
  const packages = licensesOf(root, metafile).filter(({ name }) => name !== 'ddalab')
  const components = [
    ...packages.map((one): Component => ({ ...one, purl: npmPurl(one.name, one.version) })),
    { ...node, purl: `pkg:github/nodejs/node@v${node.version}` },
  ]
  return { components, licences: renderLicenses([...packages, node], PLAIN) }
}
