import { setImmediate } from 'node:timers/promises'
import type { ServiceLogLine } from '../src/core/actions/logs.ts'
import { PLAIN } from '../src/ui/cli/style.ts'
import { LogsModel } from '../src/ui/tui/logs/model.ts'
import { logsText } from '../src/ui/tui/logs/screen-text.ts'
import { type LogsState, START } from '../src/ui/tui/logs/view-state.ts'

/** The model of the logs alone: a million lines through a history of 100,000, drawn as the dashboard draws them. */
const LINES = 1_000_000
const BATCH = 1_000
const SERVICES = ['api', 'web', 'postgres', 'minio', 'grafana'] as const
const AREA = { width: 200, height: 50 }
const BEGIN = Date.UTC(2026, 0, 1)

function lineOf(at: number): ServiceLogLine {
  const service = SERVICES[at % SERVICES.length] ?? 'api'
  const level = at % 50 === 0 ? 'ERROR' : 'INFO'
  const timestamp = new Date(BEGIN + at / 10).toISOString().replace('Z', '000000Z')
  const line = `${level} request ${at} of user ${at % 977} took ${at % 113} ms on /jobs/${at * 7} with status 200, cache miss`
  return { service, container: `${service}-1`, containerId: service, stream: 'stdout', timestamp, line }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
const milliseconds = (time: number): string => `${time.toFixed(1)} ms`

/** ms that each slice took until all lines were judged. */
async function judgeAll(model: LogsModel, state: LogsState): Promise<readonly number[]> {
  const slices: number[] = []
  for (let isDone = false; !isDone; ) {
    const begin = performance.now()
    isDone = model.advance(state, () => performance.now() - begin < 8)
    slices.push(performance.now() - begin)
    await setImmediate()
  }
  return slices
}

const model = new LogsModel()
const draw = (state: LogsState) => logsText({ model, state, area: AREA, style: PLAIN })
const before = process.memoryUsage()
let busy = 0
let frames = 0
let drawing = 0
let mostResident = 0
for (let at = 0; at < LINES; at += BATCH) {
  const batch = Array.from({ length: BATCH }, (_, index) => lineOf(at + index))
  const begin = performance.now()
  model.append(batch)
  model.advance(START, () => true)
  const appended = performance.now()
  draw(START)
  busy += appended - begin
  drawing += performance.now() - appended
  frames += 1
  if (at % 50_000 === 0) mostResident = Math.max(mostResident, process.memoryUsage().rss)
  await setImmediate()
}
const after = process.memoryUsage()
console.log(`${LINES} lines in ${milliseconds(busy)}: ${Math.round(LINES / busy)} lines a ms`)
console.log(`at 10,000 lines a second: ${((busy / LINES) * 1_000).toFixed(1)} % of a core to take in and judge`)
console.log(`a frame of 200x50: ${milliseconds(drawing / frames)}`)
console.log(
  `history: ${model.buffer.length} lines, ${megabytes(model.buffer.bytes)}, ${model.buffer.chunks.length} chunks`,
)
console.log(
  `resident: ${megabytes(before.rss)} before, ${megabytes(after.rss)} after, ${megabytes(mostResident)} at most`,
)
console.log(`heap used: ${megabytes(after.heapUsed)}, outside the heap: ${megabytes(after.external)}`)

for (const mode of ['plain', 'regex', 'fuzzy'] as const) {
  const text = mode === 'regex' ? 'error.*user \\d+7 ' : 'error'
  const state = { ...START, criteria: { ...START.criteria, search: { text, mode, inverse: false } } }
  const slices = await judgeAll(model, state)
  const all = slices.reduce((sum, slice) => sum + slice, 0)
  const found = model.search.count('match')
  console.log(
    `search ${mode}: ${milliseconds(all)} for all, longest slice ${milliseconds(Math.max(...slices))}, ${found} found`,
  )
}
