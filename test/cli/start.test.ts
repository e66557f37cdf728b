import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { dependencyPatches, lazyRequires, withoutUnusedParts } from '../../scripts/dependency-patches.ts'
import { RUN_JS, start } from './run-cli.ts'
import { aFolder } from './temporary.ts'

describe('bin/run.js', () => {
  /** Makes this Node believe that it is an old one. */
  const old = join(
    aFolder({ 'old.cjs': "Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })" }),
    'old.cjs',
  )

  it('given an old Node, runs with that of the toolchain and passes the exit code on', async () => {
    const good = await start(process.execPath, ['-r', old, RUN_JS, 'version', '--json']).finished
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, data: { node: expect.stringMatching(/^2[4-9]\./) } })
    expect((await start(process.execPath, ['-r', old, RUN_JS, 'nope']).finished).code).toBe(2)
  })

  it('given no build, says what to run', async () => {
    const folder = aFolder({ 'package.json': '{"type":"module"}', 'bin/nothing': '' })
    copyFileSync(RUN_JS, join(folder, 'bin', 'run.js'))
    const { code, stderr } = await start(process.execPath, [join(folder, 'bin', 'run.js'), 'version']).finished
    expect(stderr).toContain('run: npm run build')
    expect(code).toBe(4)
  })

  it('keeps compiled code in the cache of the user', async () => {
    const cache = aFolder()
    await start(process.execPath, [RUN_JS, 'version'], { env: { XDG_CACHE_HOME: cache } }).finished
    expect(readdirSync(join(cache, 'ddalab', 'compile-cache'))).not.toEqual([])
  })
})

describe('the patches of dependencies', () => {
  it('refuse a file that is no longer what they were written for', async () => {
    const folder = aFolder({
      'main.js': "import './node_modules/dockerode/lib/docker.js'",
      'node_modules/dockerode/lib/docker.js': "const session = require('./a-new-session')",
    })
    const built = build({
      entryPoints: [join(folder, 'main.js')],
      bundle: true,
      write: false,
      logLevel: 'silent',
      plugins: [dependencyPatches()],
    })
    await expect(built).rejects.toThrow('The patch of dockerode/lib/docker.js no longer applies')
  })

  const oclif = {
    'main.js': "import './node_modules/@oclif/core/lib/command.js'",
    'node_modules/@oclif/core/lib/command.js': "require('./help'); exports.ejs = () => require('ejs')",
    'node_modules/@oclif/core/lib/help/index.js': "console.log('help')",
    'node_modules/ejs/index.js': "console.log('templates')",
  }
  const withoutParts = (parts: readonly string[]) =>
    build({
      entryPoints: [join(aFolder(oclif), 'main.js')],
      bundle: true,
      write: false,
      logLevel: 'silent',
      plugins: [withoutUnusedParts(parts)],
    })

  it('leave parts of oclif out, which say so to whoever comes to them', async () => {
    const text = (await withoutParts(['help', 'ejs'])).outputFiles[0]?.text
    expect(text).toContain('help is left out of @oclif/core')
    expect(text).toContain('ejs is left out of @oclif/core')
    expect(text).not.toContain('console.log')
    expect((await withoutParts(['ejs'])).outputFiles[0]?.text).toContain('console.log("help")')
  })

  it('refuse to leave out what oclif no longer takes', async () => {
    await expect(withoutParts(['help', 'ejs', 'debug'])).rejects.toThrow('@oclif/core no longer takes debug')
  })

  it('load a module on first use, and only what is a top-level require', () => {
    const code =
      'const a_1 = require("a");\nvar b_1 = __importDefault(require("b"));\nfunction f() { return b_1.default(a_1.x) }'
    expect(lazyRequires(code)).toMatchInlineSnapshot(`
      "let a_1_value; const a_1_load = () => a_1_value ??= require("a");
      let b_1_value; const b_1_load = () => b_1_value ??= __importDefault(require("b"));
      function f() { return (b_1_load()).default((a_1_load()).x) }"
    `)
  })
})
