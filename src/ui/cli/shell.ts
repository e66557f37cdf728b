import type { Environment, Variables } from '../../core/environment.ts'
import { EXIT, toDdalabError } from '../../core/errors.ts'
import { createEventBus, type EventBus, type StampedEvent } from '../../core/kernel/events.ts'
import { type Redact, redactData, redactor } from '../../core/redact.ts'
import { type Envelope, failure, success } from './envelope.ts'
import { abortReason, renderError } from './errors.ts'
import { createInterrupt, type Interrupt, type SignalSource } from './interrupt.ts'
import { createOutput, type Output, type Sink } from './output.ts'
import type { Preferences } from './preferences.ts'
import { liveProgress, SYSTEM_FRAMES } from './progress/live-progress.ts'
import { type ProgressView, plainProgress, silentProgress } from './progress/progress-view.ts'
import { type Prompter, terminalPrompter } from './prompt.ts'
import { glyph, isLive, PLAIN, paint, type StreamFacts, type Style, type StyleFacts, styleOf } from './style.ts'

/** The process, as far as the command line touches it. */
export interface Surroundings {
  readonly environment: Environment
  readonly variables: Variables
  readonly signals: SignalSource
  readonly stdin: () => StreamFacts
  readonly stdout: () => Sink
  readonly stderr: () => Sink
  /** Ends the program now. */
  readonly exit: (code: number) => void
  readonly now: () => Date
}

/** Turns data into text for a person. */
export type View<T> = (data: T, style: Style) => string

/** What a command talks through: the one place where data, notes, errors, events and questions leave the program. */
export interface Shell {
  readonly preferences: Preferences
  readonly environment: Environment
  /** For what only the terminal's program knows: its colours, whether it is read out. */
  readonly variables: Variables
  readonly signal: AbortSignal
  readonly interrupt: Interrupt
  readonly stdout: Output
  /** The style of data on stdout. */
  readonly style: Style
  readonly events: EventBus
  now(): Date
  /** The answer of the command: the envelope, or the text of the view. Returns the exit code. */
  answer<T>(data: T, view: View<T>, exit?: number): number
  /**
   * One of many pieces of data that come over time (a line of a log): a line of JSON of this type with --events, the text of
   * the view otherwise. Resolves when there is room for more.
   */
  stream<T extends object>(type: string, data: T, view: View<T>): Promise<void>
  /** A sentence on stderr, not with --quiet. */
  note(message: string): void
  /** The same with --verbose only. */
  detail(message: string): void
  warn(message: string): void
  /** From now on these values are masked in everything that leaves. */
  hide(secrets: Iterable<string>): void
  prompter(noInput: boolean): Prompter
  /** The style of a program that draws on the whole terminal, on stderr; undefined where that cannot be or is not wanted. */
  screen(noInput: boolean): Style | undefined
  /** The answer of a command that failed. Returns the exit code. */
  fail(thrown: unknown): number
  /** Puts the terminal back and waits until everything is written. */
  close(): Promise<void>
}

export function createShell(preferences: Preferences, around: Surroundings): Shell {
  const { mode, quiet, verbose, debug, noColour } = preferences
  const stdout = createOutput(around.stdout)
  const stderr = createOutput(around.stderr)
  const secrets = new Set<string>()
  const warnings: string[] = []
  let mask: Redact = redactor(secrets)
  const redact: Redact = (text) => mask(text)
  const { environment, variables } = around
  const facts: StyleFacts = { environment, variables, noColour }
  const styleFor = (output: Output): Style => styleOf(output.stream, facts)

  let view: ProgressView | undefined
  const progress = (): ProgressView => {
    if (view === undefined) {
      if (mode !== 'text' || quiet) view = silentProgress(stderr)
      else if (isLive(stderr.stream, facts)) view = liveProgress(stderr, () => styleFor(stderr), SYSTEM_FRAMES)
      else view = plainProgress(stderr, styleFor(stderr), verbose)
    }
    return view
  }

  const events = createEventBus(around.now, (event) => redactData(event, redact))
  let lines = 0
  let isRunning = false
  const writeLine = (data: unknown): boolean => stdout.write(`${JSON.stringify(data)}\n`)
  /** Numbered over all that `--events` writes, whoever it comes from. */
  const writeEvent = (event: object): boolean => {
    const stamp = { seq: ++lines, ts: around.now().toISOString() }
    return writeLine({ ...stamp, ...event, seq: stamp.seq })
  }
  events.subscribe((event: StampedEvent) => {
    if (event.type === 'run.started' || event.type === 'run.finished') isRunning = event.type === 'run.started'
    if (event.type === 'notice' && event.level === 'warning') warn(event.message)
    if (mode === 'events') writeEvent(event)
    else progress().show(event)
  })

  const writeEnvelope = (envelope: Envelope): void => {
    const safe = redactData(envelope, redact)
    if (mode === 'json') writeLine(safe)
    else writeEvent({ type: 'result', ...safe })
  }
  const say = (text: string): void => progress().above(`${redact(text)}\n`)
  /** The same is told once: a warning may come as an event and with the report. */
  const warn = (message: string): void => {
    if (warnings.includes(message)) return
    warnings.push(message)
    if (mode !== 'text' || quiet) return
    const style = styleFor(stderr)
    say(`${paint(style, 'warn', glyph(style, 'warning'))} ${message}`)
  }

  const fail = (thrown: unknown): number => {
    view?.close()
    const error = abortReason(thrown, interrupt.signal)
    if (mode !== 'text') {
      writeEnvelope(failure(error, warnings))
      if (debug && thrown instanceof Error) stderr.write(`${redact(thrown.stack ?? '')}\n`)
    } else if (!interrupt.isQuietEnd) stderr.write(`${redact(renderError(error, styleFor(stderr), debug))}\n`)
    return toDdalabError(error).exit
  }
  const interrupt = createInterrupt(around.signals, {
    announce: (message) => say(message),
    ending: () => (isRunning ? 'finishing the step in flight, then undoing' : 'stopping'),
    leave: (error) => around.exit(fail(error)),
  })

  const mayAsk = (noInput: boolean): boolean => {
    if (noInput || mode !== 'text' || environment.isCi || stderr.stream.isTTY !== true) return false
    // Last: Node takes 5 ms to make a stream of what is no terminal.
    return around.stdin().isTTY === true
  }

  return {
    preferences,
    environment,
    variables,
    signal: interrupt.signal,
    interrupt,
    stdout,
    events,
    get style() {
      return mode === 'text' ? styleFor(stdout) : PLAIN
    },
    now: around.now,
    answer(data, render, exit = EXIT.ok) {
      view?.close()
      if (mode !== 'text') writeEnvelope(success(data, warnings))
      else {
        const text = redact(render(data, styleFor(stdout)))
        if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`)
      }
      return exit
    },
    async stream(type, data, render) {
      const text = mode === 'text' ? redact(render(data, styleFor(stdout))) : undefined
      const hasRoom = text === undefined ? writeEvent({ type, ...redactData(data, redact) }) : stdout.write(text)
      if (!hasRoom) await stdout.flush()
    },
    note: (message) => {
      if (mode === 'text' && !quiet) say(message)
    },
    detail: (message) => {
      if (mode === 'text' && verbose && !quiet) say(message)
    },
    warn,
    hide: (values) => {
      for (const value of values) secrets.add(value)
      mask = redactor(secrets)
    },
    prompter: (noInput) => terminalPrompter(mayAsk(noInput), interrupt.signal),
    screen: (noInput) => (mayAsk(noInput) && isLive(stderr.stream, facts) ? styleFor(stderr) : undefined),
    fail,
    close: async () => {
      view?.close()
      interrupt.close()
      await Promise.all([stdout.flush(), stderr.flush()])
    },
  }
}
