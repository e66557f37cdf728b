import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contents, packContents } from '../contents.ts'
import { runtimeScript } from '../runtime-script.ts'
import { TrainingEngine } from './engine.ts'
import { everyDay, road, type Scenario } from './scenarios.ts'

/** Only ends what hangs. */
const LIMIT_MS = 120_000

/**
 * The contents with the code that V8 makes of the chunks while the program does what people do with it: it need then not be
 * made anew in every run. `node` is the words that start the Node of the target on this machine. The code fits V8 of that
 * version and processor only; elsewhere V8 refuses it, and all works as without.
 */
export async function trained(root: string, contents: Contents, node: readonly string[]): Promise<Contents> {
  const place = await mkdtemp(join(tmpdir(), 'ddalab-training-'))
  const engine = new TrainingEngine()
  try {
    const home = join(place, 'home')
    const caches = join(place, 'caches')
    await mkdir(home)
    await cp(join(root, 'bench', 'templates'), join(home, 'templates'), { recursive: true })
    const [asset, script] = [join(place, 'asset'), join(place, 'main.js')]
    await Promise.all([
      writeFile(asset, packContents(contents)),
      writeFile(script, await runtimeScript(join(import.meta.dirname, 'train-main.ts'))),
    ])
    const env = {
      ...{
        PATH: process.env.PATH,
        LC_ALL: 'C.UTF-8',
        TZ: 'UTC',
        TERM: 'xterm-256color',
        HOME: home,
        USERPROFILE: home,
      },
      ...{ DDALAB_HOME: home, DOCKER_HOST: await engine.start(place) },
    }
    for (const [name, scenarios] of Object.entries({ road, everyDay }))
      for (const scenario of scenarios) await run(scenario, [...node, script, asset, join(caches, name)], env)
    const keptOf = (name: string, path: string) => readFile(join(caches, name, path)).catch(() => undefined)
    const chunks = [...contents.chunks].map(async ([path, chunk]) => {
      // V8 takes all or nothing of it: what is needed now and then would cost the runs of every day their time.
      const cache = (await keptOf('everyDay', path)) ?? (await keptOf('road', path))
      return [path, { ...chunk, cache }] as const
    })
    return { ...contents, chunks: new Map(await Promise.all(chunks)) }
  } finally {
    engine.stop()
    await rm(place, { recursive: true, force: true })
  }
}

function run({ words, keys = [] }: Scenario, start: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [file = '', ...before] = start
  const surroundings = keys.length > 0 ? 'terminal' : 'pipe'
  const child = spawn(file, [...before, surroundings, ...words], { env, stdio: 'pipe', timeout: LIMIT_MS })
  let said = ''
  let seen = ''
  const left = [...keys]
  const hears = (text: string): void => {
    said += text
    seen += text
    if (left[0] === undefined || !seen.includes(left[0].sees)) return
    child.stdin.write(left.shift()?.press ?? '')
    seen = ''
  }
  child.stdout.setEncoding('utf8').on('data', hears)
  child.stderr.setEncoding('utf8').on('data', hears)
  child.stdin.on('error', () => undefined)
  if (keys.length === 0) child.stdin.end()
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0 && left.length === 0) resolve()
      else reject(new Error(`the scenario "${words.join(' ')}" ended with ${signal ?? code}:\n${said}`))
    })
  })
}
