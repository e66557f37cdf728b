import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { buildExecutable, hostTarget } from '../scripts/executable/index.ts'
import { benchHome, ROOT } from './home.ts'
import { compare, median, run } from './measure.ts'
import { table } from './table.ts'
import { Terminal } from './terminal.ts'

/**
 * `npm run bench -- executable`: the executable beside Node itself and `docker compose`, on the same five services, in turn, in
 * one run. Exit code 1 when a figure is above the most it may be. `--runs N`, `--json`; `--against FILE` shows the figures of a
 * former `--json` beside these. DDALAB_BIN names an executable; without it one is built.
 */
const option = (name: string) => process.argv[process.argv.indexOf(name) + 1] ?? ''
const runs = process.argv.includes('--runs') ? Number(option('--runs')) : 20

interface Figure {
  readonly what: string
  readonly ours: number
  /** What it is measured against; undefined: a promise of its own. */
  readonly theirs: number | undefined
  readonly unit: 'ms' | 'MB'
  /** Of `ours`, or of the ratio where there is one. */
  readonly atMost: number
}

interface Report {
  readonly commit: string
  readonly engine: string
  readonly runs: number
  readonly figures: readonly Figure[]
}

const home = await benchHome()
const { directory, docker, engine, env, mark } = home
const instance = `ours-${mark}`
const project = `theirs-${mark}`
const theirs = join(directory, 'theirs')
const file = process.env.DDALAB_BIN ?? (await built())
const ddalab = (...args: readonly string[]): [string, ...string[]] => [file, ...args]
const compose = (...args: readonly string[]): [string, ...string[]] => [docker, 'compose', '-p', project, ...args]

try {
  await run(ddalab('init', '-i', instance, '--template', 'bench', '--no-input'), { env })
  await run(ddalab('deploy', '-i', instance, '--yes'), { env })
  await mkdir(theirs)
  await copyFile(join(directory, 'templates/bench/compose.yml'), join(theirs, 'compose.yml'))
  await run(compose('up', '-d', '--wait'), { env, cwd: theirs })

  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
  const figures = [...(await besideOthers()), await firstFrame(), await download()]
  const report: Report = { commit, engine: engine.version, runs, figures }
  console.log(process.argv.includes('--json') ? JSON.stringify(report) : shown(report, await former()))
  if (figures.some(isMissed)) process.exitCode = 1
} finally {
  await run(ddalab('destroy', '-i', instance, '--yes'), { env }).catch(() => {})
  await run(compose('down'), { env, cwd: theirs }).catch(() => {})
  await home.remove()
}

async function built(): Promise<string> {
  const target = hostTarget()
  if (target === undefined) throw new Error('no executable is made for this machine')
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  return (await buildExecutable({ target, version, outFile: join(directory, 'ddalab') })).file
}

async function besideOthers(): Promise<readonly Figure[]> {
  const node: [string, ...string[]] = [process.execPath, '-e', '0']
  const pairs = [
    { what: 'version, beside node -e 0', argv: ddalab('version'), other: node, atMost: 1.4 },
    { what: '--help, beside node -e 0', argv: ddalab('--help'), other: node, atMost: 1.8 },
    {
      what: 'status --json, beside docker compose ps',
      argv: ddalab('status', '-i', instance, '--json'),
      other: compose('ps', '--format', 'json'),
      atMost: 0.7,
    },
    {
      what: 'deploy with nothing to do, beside up -d',
      argv: ddalab('deploy', '-i', instance, '--yes'),
      other: compose('up', '-d'),
      atMost: 0.12,
    },
  ]
  const figures: Figure[] = []
  for (const { what, argv, other, atMost } of pairs) {
    const pair = { what, ours: { name: what, argv }, theirs: { name: other.join(' '), argv: other, cwd: theirs } }
    const result = await compare({ ...pair, target: atMost }, runs, env)
    figures.push({ what, ours: result.ours, theirs: result.theirs, unit: 'ms', atMost })
  }
  return figures
}

async function firstFrame(): Promise<Figure> {
  const times: number[] = []
  for (let count = 0; count <= runs; count += 1) {
    const terminal = new Terminal(ddalab('tui', '-i', instance), env)
    const time = await terminal.until((text) => text.includes('1 Overview'))
    await terminal.close()
    // The first start fills the caches of the system.
    if (count > 0) times.push(time)
  }
  return { what: 'tui to its first frame', ours: median(times), theirs: undefined, unit: 'ms', atMost: 250 }
}

async function download(): Promise<Figure> {
  const params = { [constants.ZSTD_c_compressionLevel]: 19 }
  const { length } = await promisify(zstdCompress)(await readFile(file), { params })
  return { what: 'download (zstd -19)', ours: length / 1e6, theirs: undefined, unit: 'MB', atMost: 40 }
}

async function former(): Promise<Report | undefined> {
  return process.argv.includes('--against') ? JSON.parse(await readFile(option('--against'), 'utf8')) : undefined
}

function ratio({ ours, theirs }: Figure): number | undefined {
  return theirs === undefined ? undefined : ours / theirs
}

function isMissed(figure: Figure): boolean {
  return !((ratio(figure) ?? figure.ours) <= figure.atMost)
}

function shown({ figures, engine, runs }: Report, before: Report | undefined): string {
  const rows = figures.map((figure) => {
    const { what, ours, theirs, unit, atMost } = figure
    const other = before?.figures.find((one) => one.what === what)
    return [
      what,
      `${ours.toFixed(0)} ${unit}`,
      theirs === undefined ? '' : `${theirs.toFixed(0)} ${unit}`,
      ratio(figure)?.toFixed(2) ?? '',
      `${atMost} ${isMissed(figure) ? 'MISSED' : 'met'}`,
      ...(before === undefined ? [] : [other === undefined ? '' : (ratio(other)?.toFixed(2) ?? other.ours.toFixed(0))]),
    ]
  })
  const head = ['', 'executable', 'other', 'ratio', 'at most', ...(before === undefined ? [] : [`at ${before.commit}`])]
  return [`Engine ${engine}, five services, medians of ${runs} runs in turn`, table([head, ...rows])].join('\n')
}
