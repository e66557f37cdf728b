import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type BenchHome, benchHome, ddalab } from './home.ts'
import { median, run } from './measure.ts'
import { resident, secondsUsed } from './process-figures.ts'
import { table } from './table.ts'
import { Terminal } from './terminal.ts'

/**
 * `npm run bench -- tui`: the dashboard on a terminal of 200x50, five services on a real engine. Prints each figure beside the most
 * it may be; exit code 1 when one is above. `--runs N` starts, `--seconds N` of each state, `--lines N`, `--json`. Linux only.
 */
const option = (name: string, otherwise: number) =>
  process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise
const runs = option('--runs', 10)
const seconds = option('--seconds', 60)
const lines = option('--lines', 1_000_000)

const SERVICES = ['api', 'minio', 'postgres', 'redis', 'web'] as const
/** Lines that are kept. */
const HISTORY = 100_000
/** ms between two keys; no divisor of the time between two frames. */
const BETWEEN_KEYS = 237

interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** undefined: told, not promised. */
  readonly atMost: number | undefined
}

const home = await benchHome()
const instance = `chatty-${home.mark}`
const open = () => new Terminal(ddalab('tui', '-i', instance), home.env)
const isUseful = (text: string) => SERVICES.every((name) => new RegExp(`${name} +running`).test(text))

try {
  await run(ddalab('init', '-i', instance, '--template', 'chatty', '--no-input'), { env: home.env })
  await run(ddalab('deploy', '-i', instance, '--yes'), { env: home.env })
  const figures = [...(await start()), ...(await idle()), ...(await underLoad(home))]
  if (process.argv.includes('--json')) console.log(JSON.stringify({ engine: home.engine.version, figures }))
  else console.log(report(figures))
  if (figures.some(isMissed)) process.exitCode = 1
} finally {
  await run(ddalab('destroy', '-i', instance, '--yes'), { env: home.env }).catch(() => {})
  await home.remove()
}

async function start(): Promise<readonly Figure[]> {
  const times = { frame: [] as number[], useful: [] as number[] }
  for (let count = 0; count <= runs; count += 1) {
    const terminal = open()
    const frame = await terminal.until((text) => text.includes('1 Overview'))
    const useful = await terminal.until(isUseful)
    await terminal.close()
    // The first start fills the caches.
    if (count === 0) continue
    times.frame.push(frame)
    times.useful.push(useful)
  }
  return [
    { what: 'start to the first frame', value: median(times.frame), unit: 'ms', atMost: undefined },
    { what: 'start to the states of all services', value: median(times.useful), unit: 'ms', atMost: 400 },
  ]
}

async function idle(): Promise<readonly Figure[]> {
  const terminal = open()
  try {
    await terminal.until(isUseful)
    await pause(5_000)
    const used = secondsUsed(terminal.pid)
    await pause(seconds * 1000)
    const share = ((secondsUsed(terminal.pid) - used) / seconds) * 100
    const memory = resident(terminal.pid).now
    return [
      { what: 'idle', value: share, unit: '% of a core', atMost: 4 },
      { what: 'resident when idle', value: memory / 1e6, unit: 'MB', atMost: undefined },
    ]
  } finally {
    await terminal.close()
  }
}

async function underLoad({ directory, docker, env }: BenchHome): Promise<readonly Figure[]> {
  const terminal = open()
  try {
    await terminal.until(isUseful)
    await terminal.answer('2', '0 lines')
    const each = Math.round(lines / SERVICES.length)
    const begin = performance.now()
    await Promise.all(
      SERVICES.map((name) =>
        run([docker, 'exec', `${instance}-${name}-1`, 'sh', '-c', `echo ${each} > /tmp/lines`], { env }),
      ),
    )
    await terminal.until((text) => text.includes('INFO request'))
    const [used, since] = [secondsUsed(terminal.pid), performance.now()]
    const answers: number[] = []
    for (let on = true; performance.now() - since < seconds * 1000; on = !on) {
      answers.push(await terminal.answer('w', on ? 'wrap on' : 'wrap off'))
      await pause(BETWEEN_KEYS)
    }
    const share = ((secondsUsed(terminal.pid) - used) / (performance.now() - since)) * 1e5
    // Each service has a last line of its own.
    const all = (each + 1) * SERVICES.length
    terminal.forget()
    await terminal.until((text) => seen(text) === all)
    const rate = all / ((performance.now() - begin) / 1000)
    const { now, most } = resident(terminal.pid)
    const file = join(directory, 'saved.log')
    await terminal.answer('s', 'Save to file')
    await terminal.answer(file, file)
    await terminal.answer('\r', 'Saved to')
    const gaps = missing(await readFile(file, 'utf8'))
    return [
      { what: 'lines a second', value: rate, unit: '', atMost: undefined },
      { what: 'under load', value: share, unit: '% of a core', atMost: 25 },
      { what: 'key to screen under load, p95', value: percentile(answers, 0.95), unit: 'ms', atMost: 50 },
      { what: `lines lost of the last ${HISTORY}`, value: gaps, unit: '', atMost: 0 },
      { what: `resident after ${all} lines`, value: now / 1e6, unit: 'MB', atMost: 150 },
      { what: 'the most resident', value: most / 1e6, unit: 'MB', atMost: undefined },
    ]
  } finally {
    await terminal.close()
  }
}

/** How many lines came, by the last line of state that was written. */
function seen(text: string): number {
  const [, kept = '0', gone = '0'] = [...text.matchAll(/([\d,]+) lines(?:, ([\d,]+) older gone)?/g)].at(-1) ?? []
  return Number(kept.replaceAll(',', '')) + Number(gone.replaceAll(',', ''))
}

/** How many numbers are left out in what was saved, each service counting for itself. */
function missing(saved: string): number {
  const last = new Map<string, number>()
  let gaps = Math.max(0, Math.min(HISTORY, lines) - saved.trimEnd().split('\n').length)
  for (const [, service = '', text = ''] of saved.matchAll(/^\S+ (\w+) +\| INFO request (\d+) /gm)) {
    const number = Number(text)
    gaps += number - (last.get(service) ?? number - 1) - 1
    last.set(service, number)
  }
  return gaps
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function isMissed({ value, atMost }: Figure): boolean {
  return atMost !== undefined && !(value <= atMost)
}

function report(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, atMost } = figure
    const promise = atMost === undefined ? '' : `${atMost} ${isMissed(figure) ? 'MISSED' : 'met'}`
    return [what, `${value.toFixed(value < 100 && unit !== '' ? 1 : 0)} ${unit}`.trimEnd(), promise]
  })
  const title = `Engine ${home.engine.version}, five services, a terminal of 200x50, ${seconds} s each, starts: median of ${runs}`
  return [title, table([['', 'ddalab tui', 'at most'], ...rows])].join('\n')
}
