import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { aFolder } from './temporary.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const NODE = join(ROOT, 'node_modules', '.bin', 'node')
export const RUN_JS = join(ROOT, 'bin', 'run.js')
/** DDALAB_BIN: an executable that is tested in the place of the build; see docs/test-lab.md. */
const BIN = process.env.DDALAB_BIN
/** The words that start the program, and the same as a line for a shell. */
export const PROGRAM: readonly [string, ...string[]] = BIN === undefined ? [NODE, RUN_JS] : [BIN]
export const PROGRAM_LINE = PROGRAM.map((word) => `'${word}'`).join(' ')
/** One file that starts the program. */
export const LAUNCHER = BIN ?? join(ROOT, 'bin', 'ddalab')
export const WORK = join(ROOT, 'test', 'cli', 'fixtures', 'work.ts')

/** A user of its own for all tests: no configuration, no colours asked for, no CI. */
const HOME = aFolder()
const ENV = { PATH: process.env.PATH ?? '', HOME, LANG: 'C.UTF-8', TERM: 'xterm-256color' }

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** Resolves when the text has appeared on stderr. */
  stderrHas(text: string): Promise<void>
  /** The same for stdout. */
  stdoutHas(text: string): Promise<void>
}

interface Options {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
}

/** Starts a command; its stdin is closed after `input`. */
export function start(command: string, args: readonly string[], options: Options = {}): Started {
  const child = spawn(command, args, { env: { ...ENV, ...options.env }, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const look of waiting) look()
  })
  const appears = (text: string, where: () => string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (where().includes(text)) resolve()
      }
      waiting.add(look)
      child.on('close', () => reject(new Error(`ended without saying ${text}: ${where()}`)))
      look()
    })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  return {
    child,
    finished: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    }),
    stderrHas: (text) => appears(text, () => stderr),
    stdoutHas: (text) => appears(text, () => stdout),
  }
}

/** Starts the built program. */
export function startDdalab(args: readonly string[], options: Options = {}): Started {
  const [command, ...before] = PROGRAM
  return start(command, [...before, ...args], options)
}

/** Runs the built program. */
export function ddalab(args: readonly string[], options: Options = {}): Promise<Finished> {
  return startDdalab(args, options).finished
}

/** Runs the built program on a terminal of 100 columns, where `input` is typed; all that the terminal shows is in `stdout`. */
export function onTerminal(args: readonly string[], options: Options = {}): Promise<Finished> {
  const line = [...PROGRAM, ...args].map((word) => `'${word}'`).join(' ')
  return start('script', ['-qefc', `stty cols 100 rows 30; exec ${line}`, '/dev/null'], options).finished
}

/** What `--json` printed. */
export function answer({ stdout }: Finished): unknown {
  return JSON.parse(stdout)
}

/** Starts the program of the fixture. */
export function work(args: readonly string[], options: Options = {}): Started {
  return start(NODE, [WORK, ...args], options)
}
