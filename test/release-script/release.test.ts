import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { targets } from '../../scripts/executable/targets.ts'
import { executableTarget } from '../../scripts/release/release.ts'
import { readMinisignKey, verifyMinisign } from '../../src/core/release/channel/index.ts'
import { archiveFile, updateProgram } from '../../src/core/self-update/index.ts'
import { webServer } from '../release/web-server.ts'
import { installation, PLATFORM, probe, standIn } from '../self-update/releases.ts'
import { testWorld } from '../support/world.ts'
import { AT, config, effects, script, signer, standInRelease, temporary } from './support.ts'

const all = { targets: config.targets }
const run = (command: string, ...words: readonly string[]) => execFileSync(command, words, { encoding: 'utf8' })
const has = (command: string) => spawnSync(command, ['--version']).error === undefined

describe('a release', () => {
  it('has archives and packages of every target, changelog, SBOM, install script, sums and signature', async () => {
    const output = temporary()
    await standInRelease(output, all)
    expect(readdirSync(output).toSorted()).toEqual([
      'CHANGELOG.md',
      'SHA256SUMS',
      'SHA256SUMS.minisig',
      'ddalab-1.2.0-linux-arm64.tar.gz',
      'ddalab-1.2.0-linux-arm64.tar.zst',
      'ddalab-1.2.0-linux-x64.tar.gz',
      'ddalab-1.2.0-linux-x64.tar.zst',
      'ddalab-1.2.0-macos-arm64.tar.gz',
      'ddalab-1.2.0-macos-arm64.tar.zst',
      'ddalab-1.2.0-macos-x64.tar.gz',
      'ddalab-1.2.0-macos-x64.tar.zst',
      'ddalab-1.2.0-windows-x64.tar.zst',
      'ddalab-1.2.0-windows-x64.zip',
      'ddalab-1.2.0.cdx.json',
      'ddalab_1.2.0_amd64.deb',
      'ddalab_1.2.0_arm64.deb',
      'install.sh',
    ])
  })

  it('has the same bytes when it is made again, whatever the hour', async () => {
    const [first, second] = [temporary(), temporary()]
    expect(await standInRelease(first, all)).toEqual(await standInRelease(second, all))
    for (const name of readdirSync(first))
      expect(readFileSync(join(first, name)).equals(readFileSync(join(second, name))), name).toBe(true)
  })

  it('signs the sums of all its other files', async () => {
    const output = temporary()
    await standInRelease(output)
    const sums = readFileSync(join(output, 'SHA256SUMS'))
    const lines = readdirSync(output)
      .filter((name) => !name.startsWith('SHA256SUMS'))
      .toSorted()
      .map(
        (name) =>
          `${createHash('sha256')
            .update(readFileSync(join(output, name)))
            .digest('hex')}  ${name}\n`,
      )
    expect(sums.toString()).toBe(lines.join(''))
    const key = readMinisignKey(signer.publicKey)
    const signature = readFileSync(join(output, 'SHA256SUMS.minisig'), 'utf8')
    expect(key && verifyMinisign(sums, signature, key)).toEqual({
      good: true,
      comment: `ddalab 1.2.0\ttimestamp:${AT}`,
    })
  })

  it('has no signature without a key', async () => {
    const output = temporary()
    await standInRelease(output, { signer: undefined })
    expect(readdirSync(output)).not.toContain('SHA256SUMS.minisig')
  })

  it('makes the archives that self update asks for, which installs from them', async () => {
    const output = temporary()
    const { os, arch } = PLATFORM
    const targets = config.targets.filter((target) => target.os === os && target.arch === arch)
    await standInRelease(
      output,
      { targets },
      effects((version) => standIn(version)),
    )
    expect(readdirSync(output)).toContain(archiveFile('1.2.0', PLATFORM))
    const server = await webServer((path) => ({ body: readFileSync(join(output, path.split('/').at(-1) ?? '')) }))
    const world = await testWorld('unix:///nowhere.sock')
    const here = installation('1.0.0')
    onTestFinished(async () => {
      await server.close()
      await world.remove()
      here.remove()
    })
    const place = { url: `http://${server.address}`, key: signer.publicKey }
    expect(await updateProgram(world, here.installed, { place }, probe)).toMatchObject({
      after: '1.2.0',
      changed: true,
    })
    expect(here.version()).toBe('1.2.0')
  })

  it('has a build for each of its targets', () => {
    expect(config.targets.map(executableTarget).toSorted()).toEqual([...targets].toSorted())
  })
})

describe('what others read of it', () => {
  it.runIf(has('tar') && has('zstd'))('tar: the program can be run, everything is of root', async () => {
    const output = temporary()
    await standInRelease(output)
    for (const [name, unpack] of [
      ['ddalab-1.2.0-linux-x64.tar.gz', 'gzip'],
      ['ddalab-1.2.0-linux-x64.tar.zst', 'zstd'],
    ] as const) {
      run('tar', '-C', output, '-I', unpack, '-xf', join(output, name))
      const folder = join(output, 'ddalab-1.2.0-linux-x64')
      expect(run(join(folder, 'ddalab'))).toBe('ddalab 1.2.0 (stand-in)\n')
      expect(readdirSync(join(folder, 'completions'))).toEqual(['_ddalab', 'ddalab.bash', 'ddalab.fish'])
      expect(statSync(join(folder, 'LICENSE')).mode & 0o777).toBe(0o644)
      expect(statSync(join(folder, 'LICENSE')).mtimeMs).toBe(AT * 1000)
      expect(run('tar', '-I', unpack, '-tvf', join(output, name))).not.toMatch(/^\S+ (?!root\/root)/m)
    }
  })

  it.runIf(has('unzip'))('unzip: the program can be run', async () => {
    const output = temporary()
    const targets = config.targets.filter(({ os }) => os === 'windows')
    await standInRelease(output, { targets })
    const zip = join(output, 'ddalab-1.2.0-windows-x64.zip')
    expect(run('unzip', '-tq', zip)).toContain('No errors')
    run('unzip', '-q', zip, '-d', output)
    expect(readFileSync(join(output, 'ddalab-1.2.0-windows-x64', 'ddalab.exe'), 'utf8')).toBe(script('1.2.0'))
    expect(run(join(output, 'ddalab-1.2.0-windows-x64', 'ddalab.exe'))).toContain('1.2.0')
  })

  it.runIf(has('dpkg-deb'))('dpkg: fields, sums, and where the files go', async () => {
    const output = temporary()
    await standInRelease(output, { version: '1.2.0-rc.1' })
    const deb = join(output, 'ddalab_1.2.0-rc.1_amd64.deb')
    const field = (name: string) => run('dpkg-deb', '--field', deb, name).trim()
    expect([field('Package'), field('Version'), field('Architecture')]).toEqual(['ddalab', '1.2.0~rc.1', 'amd64'])
    expect(spawnSync('dpkg', ['--compare-versions', field('Version'), 'lt', '1.2.0']).status).toBe(0)
    run('dpkg-deb', '-R', deb, join(output, 'tree'))
    expect(run('sh', '-c', `cd '${output}/tree' && md5sum -c --quiet DEBIAN/md5sums && find . -type f | sort`)).toBe(
      [
        './DEBIAN/control',
        './DEBIAN/md5sums',
        './usr/bin/ddalab',
        './usr/lib/systemd/system/ddalab-update@.service',
        './usr/lib/systemd/system/ddalab-update@.timer',
        './usr/lib/systemd/user/ddalab-update@.service',
        './usr/lib/systemd/user/ddalab-update@.timer',
        './usr/share/bash-completion/completions/ddalab',
        './usr/share/doc/ddalab/README.md',
        './usr/share/doc/ddalab/changelog.gz',
        './usr/share/doc/ddalab/copyright',
        './usr/share/fish/vendor_completions.d/ddalab.fish',
        './usr/share/man/man1/ddalab.1.gz',
        './usr/share/zsh/vendor-completions/_ddalab',
        '',
      ].join('\n'),
    )
    expect(run(join(output, 'tree', 'usr', 'bin', 'ddalab'))).toContain('1.2.0-rc.1')
    expect(run('sh', '-c', `gzip -dc '${output}'/tree/usr/share/man/man1/ddalab.1.gz`)).toMatch(/^\.TH DDALAB 1/)
  })

  it.runIf(has('systemd-analyze'))('systemd: the units say what it understands', () => {
    const units = ['service', 'timer'].map((kind) => `packaging/systemd/ddalab-update@.${kind}`)
    const place = temporary()
    for (const unit of units) {
      const text = readFileSync(unit, 'utf8').replace('/usr/bin/ddalab', '/bin/true')
      run('sh', '-c', `cat >'${place}/${unit.split('/').at(-1)?.replace('@', '@lab')}' <<'UNIT'\n${text}\nUNIT`)
    }
    const files = readdirSync(place).map((name) => join(place, name))
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' })
    expect(stderr.split('\n').filter((line) => line.includes('ddalab'))).toEqual([])
  })
})
