import { spawn } from 'node:child_process'

/** One command to time. `before` runs ahead of every measured run and is not measured. */
export interface Command {
  readonly name: string
  readonly argv: readonly [string, ...string[]]
  readonly cwd?: string
  readonly before?: () => Promise<void>
}

export interface Comparison {
  readonly what: string
  readonly ours: Command
  readonly theirs: Command
  /** The ratio ours/theirs that the project promises at most. */
  readonly target: number
}

export interface Result {
  readonly what: string
  /** Medians in ms. */
  readonly ours: number
  readonly theirs: number
  readonly ratio: number
  readonly target: number
  readonly runs: number
}

/** Times both commands in turn, ours and theirs, after one run of each that does not count. */
export async function compare(
  { what, ours, theirs, target }: Comparison,
  runs: number,
  env: NodeJS.ProcessEnv,
): Promise<Result> {
  const times = { ours: [] as number[], theirs: [] as number[] }
  for (let run = 0; run <= runs; run += 1) {
    const mine = await time(ours, env)
    const other = await time(theirs, env)
    if (run === 0) continue
    times.ours.push(mine)
    times.theirs.push(other)
  }
  const [mine, other] = [median(times.ours), median(times.theirs)]
  return { what, ours: mine, theirs: other, ratio: mine / other, target, runs }
}

async function time({ name, argv, cwd, before }: Command, env: NodeJS.ProcessEnv): Promise<number> {
  await before?.()
  const began = performance.now()
  await run(argv, { env, ...(cwd !== undefined && { cwd }) }).catch((error: Error) => {
    throw new Error(`${name}: ${error.message}`)
  })
  return performance.now() - began
}

/** Runs a command to its end; rejects with what it wrote to stderr when it fails. */
export function run(
  argv: readonly [string, ...string[]],
  options: { cwd?: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const [file, ...args] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk) => {
      complaint += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}\n${complaint}`))))
  })
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]]
  return (low + high) / 2
}
