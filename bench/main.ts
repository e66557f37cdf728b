import { randomUUID } from 'node:crypto'
import { copyFile, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readLab } from '../test/lab/lab.ts'
import { labEnvironment } from './lab-environment.ts'
import { type Comparison, compare, type Result, run } from './measure.ts'

/**
 * `npm run bench`: ddalab beside `docker compose` on the same five services and the same engine, in turn, in one run.
 * Prints medians and ratios; exit code 1 when a ratio misses its target. `--runs N`, `--json`.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const option = (name: string) => process.argv[process.argv.indexOf(name) + 1]
const runs = process.argv.includes('--runs') ? Number(option('--runs')) : 10

const lab = readLab(await labEnvironment())
const engine = lab.engines.at(-1)
if (engine === undefined) throw new Error(`The benchmark needs an engine: ${lab.reason}`)

// Names of its own: benchmarks of two people may share an engine.
const mark = randomUUID().slice(0, 8)
const ours = `ours-${mark}`
const other = `theirs-${mark}`
const home = await mkdtemp(join(tmpdir(), 'ddalab-bench-'))
const docker = join(home, 'docker')
const env = {
  ...process.env,
  DDALAB_HOME: home,
  DOCKER_HOST: engine.host,
  DOCKER_CONFIG: docker,
  NODE_EXTRA_CA_CERTS: undefined,
}
// Straight to the program, as an installed one would be: the launcher script is not what is measured.
const ddalab = (...args: string[]): [string, ...string[]] => [process.execPath, join(root, 'bin/run.js'), ...args]
const compose = (...args: string[]): [string, ...string[]] => [lab.docker, 'compose', '-p', other, ...args]

try {
  await mkdir(join(docker, 'cli-plugins'), { recursive: true })
  await symlink(lab.compose, join(docker, 'cli-plugins/docker-compose'))
  await cp(join(root, 'bench/templates'), join(home, 'templates'), { recursive: true })
  await run(ddalab('init', '-i', ours, '--template', 'bench', '--no-input'), { env })
  await run(ddalab('deploy', '-i', ours, '--yes'), { env })
  const theirs = join(home, 'theirs')
  await mkdir(theirs)
  await copyFile(join(home, 'templates/bench/compose.yml'), join(theirs, 'compose.yml'))
  await run(compose('up', '-d', '--wait'), { env, cwd: theirs })

  const comparisons: readonly Comparison[] = [
    {
      what: 'deploy with nothing to do',
      ours: { name: 'ddalab deploy', argv: ddalab('deploy', '-i', ours, '--yes') },
      theirs: { name: 'docker compose up -d', argv: compose('up', '-d'), cwd: theirs },
      target: 0.25,
    },
    {
      what: 'status as JSON',
      ours: { name: 'ddalab status', argv: ddalab('status', '-i', ours, '--json') },
      theirs: { name: 'docker compose ps', argv: compose('ps', '--format', 'json'), cwd: theirs },
      target: 1.5,
    },
    {
      what: 'cold deploy until healthy',
      ours: {
        name: 'ddalab deploy',
        argv: ddalab('deploy', '-i', ours, '--yes'),
        before: () => run(ddalab('destroy', '-i', ours, '--yes'), { env }),
      },
      theirs: {
        name: 'docker compose up -d --wait',
        argv: compose('up', '-d', '--wait'),
        cwd: theirs,
        before: () => run(compose('down'), { env, cwd: theirs }),
      },
      target: 0.8,
    },
  ]
  const results: Result[] = []
  for (const comparison of comparisons) results.push(await compare(comparison, runs, env))
  if (process.argv.includes('--json')) console.log(JSON.stringify({ engine: engine.version, results }))
  else console.log(table(engine.version, results))
  if (results.some(({ ratio, target }) => ratio > target)) process.exitCode = 1
} finally {
  await run(ddalab('destroy', '-i', ours, '--yes'), { env }).catch(() => {})
  await run(compose('down'), { env, cwd: join(home, 'theirs') }).catch(() => {})
  await rm(home, { recursive: true, force: true })
}

function table(version: string, results: readonly Result[]): string {
  const rows = results.map(({ what, ours, theirs, ratio, target }) => [
    what,
    `${ours.toFixed(0)} ms`,
    `${theirs.toFixed(0)} ms`,
    ratio.toFixed(2),
    `${target.toFixed(2)} ${ratio <= target ? 'met' : 'MISSED'}`,
  ])
  const lines = [['', 'ddalab', 'compose', 'ratio', 'at most'], ...rows]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [`Engine ${version}, five services, medians of ${runs} runs in turn`, ...text].join('\n')
}
