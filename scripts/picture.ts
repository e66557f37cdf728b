import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { ansiToSvg } from './ansi-svg.ts'

const run = promisify(execFile)
const LIMIT_MS = 300_000

export interface Shot {
  /** A line for the shell, shown above what it prints. */
  readonly command: string
  readonly columns: number
  readonly rows: number
  readonly env: NodeJS.ProcessEnv
  /** For a program that is used by keys: what is pressed (names of tmux) when the screen shows a text; the last text ends it. */
  readonly walk?: Walk
}

export interface Walk {
  readonly steps: readonly { readonly sees: string; readonly press: readonly string[] }[]
  readonly until: string
}

/** Runs a command in a terminal of its own (tmux) and gives what is then on it, scrolled lines included, with its colours. */
export async function capture({ command, columns, rows, env, walk }: Shot): Promise<string> {
  // A server of its own knows no settings of the user's, and is gone afterwards.
  const tmux = (...words: string[]) =>
    run('tmux', ['-L', socket, '-u', '-f', '/dev/null', ...words], { env, timeout: LIMIT_MS })
  const socket = `picture-${randomUUID()}`
  const script = 'printf "\\033[32m$\\033[0m %s\\n" "$0"; eval "$0"; tmux wait-for -S done; exec sleep 600'
  try {
    await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), 'sh', '-c', script, command)
    if (walk === undefined) await tmux('wait-for', 'done')
    else await go(walk, tmux)
    const { stdout } = await tmux('capture-pane', '-e', '-p', '-S', '-')
    return stdout
  } finally {
    await tmux('kill-server').catch(() => undefined)
  }
}

async function go({ steps, until }: Walk, tmux: (...words: string[]) => Promise<{ stdout: string }>): Promise<void> {
  for (const { sees, press } of [...steps, { sees: until, press: [] }]) {
    const end = Date.now() + LIMIT_MS
    while (!(await tmux('capture-pane', '-p')).stdout.includes(sees)) {
      if (Date.now() > end) throw new Error(`the screen never showed ${sees}`)
      await delay(100)
    }
    if (press.length > 0) await tmux('send-keys', ...press)
  }
}

/** The surroundings of a picture: this clone's program, colours, UTF-8. */
export function pictureEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TMUX, NO_COLOR, CI, ...rest } = env
  const bin = join(import.meta.dirname, '..', 'bin')
  return { ...rest, LC_ALL: 'C.UTF-8', PATH: [bin, env.PATH].join(delimiter) }
}

/** Takes the picture and writes it; `masked` takes out of it what belongs to one machine. */
export async function picture(shot: Shot, file: string, masked = (svg: string) => svg): Promise<string> {
  const svg = masked(ansiToSvg(await capture(shot), shot.columns))
  await writeFile(file, svg)
  return svg
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    options: { columns: { type: 'string' }, rows: { type: 'string' }, out: { type: 'string' } },
    allowPositionals: true,
  })
  const { columns = '100', rows = '40', out } = values
  if (out === undefined || positionals.length === 0) {
    console.error('usage: node scripts/picture.ts --out FILE.svg [--columns 100] [--rows 40] -- COMMAND')
    process.exit(2)
  }
  const env = pictureEnvironment(process.env)
  await picture({ command: positionals.join(' '), columns: Number(columns), rows: Number(rows), env }, out)
}
