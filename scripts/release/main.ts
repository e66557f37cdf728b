import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PUBLISHER, platformName } from '../../src/core/self-update/index.ts'
import { buildSigned } from './build.ts'
import { readConfig, type TargetConfig } from './config.ts'
import { readRepository } from './git.ts'
import { inside } from './inside.ts'
import { openSigner, type Signer } from './minisign.ts'
import { release, SUMS } from './release.ts'
import { checkRelease, releaseVersion } from './version.ts'

/** `npm run release -- [--snapshot] [--target linux-x64]...`: see docs/releasing.md. Publishes nothing. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { snapshot: { type: 'boolean', default: false }, target: { type: 'string', multiple: true } },
  })
  const root = join(import.meta.dirname, '..', '..')
  const config = readConfig(root)
  const targets = chosen(config.targets, values.target)
  const repository = readRepository(root)
  const { version: base } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = releaseVersion(base, repository, values.snapshot)
  const signer = signingKey(process.env)
  if (!values.snapshot) checkRelease({ version, repository, key: signer?.publicKey, publisher: PUBLISHER.key })
  const made = await release(
    {
      root,
      output: join(root, config.output),
      config,
      version,
      at: Number(process.env.SOURCE_DATE_EPOCH ?? repository.at),
      commits: repository.commits,
      targets,
      signer,
      compression: values.snapshot ? { gzip: 1, zstd: 3 } : config.compression,
    },
    { build: buildSigned, inside: () => inside(root), say: (message) => console.error(message) },
  )
  for (const { name, bytes } of made)
    console.log(`${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${config.output}/${name}`)
  if (signer === undefined) console.log(`This snapshot is unsigned: there is no ${SUMS}.minisig.`)
}

function chosen(all: readonly TargetConfig[], names: readonly string[] | undefined): readonly TargetConfig[] {
  const known = all.map(platformName)
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`There is no target ${unknown}; there are: ${known.join(', ')}`)
  return names === undefined ? all : all.filter((target) => names.includes(platformName(target)))
}

/** From a file or a variable, never from an argument: those are seen by everybody on the machine. */
function signingKey(env: NodeJS.ProcessEnv): Signer | undefined {
  const { DDALAB_MINISIGN_KEY_FILE: file, DDALAB_MINISIGN_KEY: text, DDALAB_MINISIGN_PASSWORD: password } = env
  const key = file === undefined ? text : readFileSync(file, 'utf8')
  return key === undefined || key === '' ? undefined : openSigner(key, password)
}

main().catch((thrown: unknown) => {
  console.error(`No release was made: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  process.exitCode = 1
})
