import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildExecutable } from '../../scripts/executable/index.ts'
import { answer, start } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { webServer } from '../release/web-server.ts'
import { config, ROOT, signer, standInRelease, temporary } from './support.ts'

/** The real executable (that of DDALAB_BIN, or built here), released, installed by the script, updated and taken back by itself. */
const isHere =
  process.platform === 'linux' && process.arch === 'x64' && spawnSync('zstd', ['--version']).error === undefined
/** One archive, for the script and the program. */
const targets = config.targets
  .filter(({ os, arch }) => os === 'linux' && arch === 'x64')
  .map(({ os, arch }) => ({ os, arch, archives: ['tar.zst' as const] }))

let program = ''
let version = ''
let newer = ''

beforeAll(async () => {
  if (!isHere) return
  program = process.env.DDALAB_BIN ?? join(aFolder(), 'ddalab')
  if (!existsSync(program)) await buildExecutable({ target: 'linux-x64', version: '1.0.0', outFile: program })
  version = JSON.parse(execFileSync(program, ['version', '--json'], { encoding: 'utf8' })).data.ddalab
  newer = version.replace(/^\d/, (major) => String(Number(major) + 1))
})

/** The program as one that calls itself newer: a second build, without the time that it takes. */
function asNewer(): Buffer {
  const bytes = readFileSync(program)
  for (const before of ['{"version":"', '"name":"ddalab","version":"']) {
    const at = bytes.indexOf(`${before}${version}"`)
    expect(at).toBeGreaterThan(0)
    bytes.write(newer, at + before.length)
  }
  return bytes
}

async function released(content: Buffer, name: string): Promise<string> {
  const output = temporary()
  const file = join(temporary(), 'program')
  writeFileSync(file, content)
  const build = async () => ({ file })
  const effects = { build, inside: async () => ({ components: [], licences: '' }), say: () => {} }
  await standInRelease(output, { version: name, targets }, effects)
  return output
}

describe.runIf(isHere)('the executable', () => {
  it('is installed, finds its successor, becomes it, and goes back', async () => {
    const [first, second] = [await released(readFileSync(program), version), await released(asNewer(), newer)]
    let latest = first
    const server = await webServer((path) => {
      const [, asked, file = ''] = /^\/(?:latest\/download|download\/v([^/]+))\/(.+)$/.exec(path) ?? []
      const from = asked === undefined ? latest : asked === version ? first : second
      return existsSync(join(from, file)) ? { body: readFileSync(join(from, file)) } : { status: 404 }
    })
    onTestFinished(() => server.close())
    const bin = join(temporary(), 'bin')
    const env = {
      DDALAB_RELEASES_URL: `http://${server.address}`,
      DDALAB_RELEASES_KEY: signer.publicKey,
      DDALAB_HOME: temporary(),
    }
    const ddalab = (...words: readonly string[]) => start(join(bin, 'ddalab'), words, { env }).finished

    const installed = await start('/bin/sh', [join(ROOT, 'scripts', 'install.sh'), '--dir', bin], { env }).finished
    expect(installed).toMatchObject({ code: 0, stderr: expect.stringContaining(`ddalab ${version} is in`) })
    expect(await ddalab('self', 'update', '--check')).toMatchObject({ code: 0 })

    latest = second
    expect(await ddalab('self', 'update', '--check')).toMatchObject({
      code: 10,
      stdout: expect.stringContaining(newer),
    })
    const updated = await ddalab('self', 'update', '--json')
    expect(answer(updated)).toMatchObject({ ok: true, data: { before: version, after: newer, changed: true } })
    expect((await ddalab('version')).stdout).toContain(`ddalab ${newer} `)

    expect(await ddalab('self', 'update', '--rollback')).toMatchObject({ code: 0 })
    expect((await ddalab('version')).stdout).toContain(`ddalab ${version} `)

    const [archive = ''] = server.asked.flatMap(({ path }) => path.match(/ddalab-.*tar\.zst$/) ?? []).slice(-1)
    copyFileSync(join(second, 'CHANGELOG.md'), join(second, archive))
    const spoiled = await ddalab('self', 'update', '--json')
    expect(answer(spoiled)).toMatchObject({ ok: false, error: { code: 'DIGEST_MISMATCH', exit: 4 } })
    expect((await ddalab('version')).stdout).toContain(`ddalab ${version} `)
  })
})
