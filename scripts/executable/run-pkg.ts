import sea from '@yao-pkg/pkg/lib-es5/sea.js'
import { nodeOptions } from './node-options.ts'
import { factsOf, isTarget } from './targets.ts'

/** A process of its own for `makeSea`: target, version of Node, script, asset, output. */
const [target = '', version = '', main = '', asset = '', output = ''] = process.argv.slice(2)
if (!isTarget(target)) throw new Error(`no target: ${target}`)
const { platform, arch } = factsOf(target)
const seaConfig = {
  disableExperimentalSEAWarning: true,
  useSnapshot: false,
  // The script is a few lines; the program inside brings caches of its own, which fit more than one processor's build.
  useCodeCache: false,
  // NODE_OPTIONS and the like are meant for other programs.
  execArgvExtension: 'none',
  execArgv: nodeOptions,
  assets: { ddalab: asset },
}
await sea.default(main, {
  signature: true,
  seaConfig,
  targets: [{ platform, arch, nodeRange: `node${version}`, output }],
})
