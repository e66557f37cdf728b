import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { benchHome, ddalab } from './home.ts'
import { type Comparison, compare, type Result, run } from './measure.ts'
import { table } from './table.ts'

/**
 * `npm run bench`: ddalab beside `docker compose` on the same five services and the same engine, in turn, in one run.
 * Prints medians and ratios; exit code 1 when a ratio misses its target. `--runs N`, `--json`.
 */
const option = (name: string) => process.argv[process.argv.indexOf(name) + 1]
const runs = process.argv.includes('--runs') ? Number(option('--runs')) : 10

const home = await benchHome()
const { directory, docker, engine, env, mark } = home
const ours = `ours-${mark}`
const other = `theirs-${mark}`
const compose = (...args: string[]): [string, ...string[]] => [docker, 'compose', '-p', other, ...args]

try {
  await run(ddalab('init', '-i', ours, '--template', 'bench', '--no-input'), { env })
  await run(ddalab('deploy', '-i', ours, '--yes'), { env })
  const theirs = join(directory, 'theirs')
  await mkdir(theirs)
  await copyFile(join(directory, 'templates/bench/compose.yml'), join(theirs, 'compose.yml'))
  await run(compose('up', '-d', '--wait'), { env, cwd: theirs })

  // The health checks of one's containers would slow the other: each begins on an engine that has nothing else to do.
  const cold = async () => {
    await run(ddalab('destroy', '-i', ours, '--yes'), { env })
    await run(compose('down'), { env, cwd: theirs })
  }

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
        before: cold,
      },
      theirs: {
        name: 'docker compose up -d --wait',
        argv: compose('up', '-d', '--wait'),
        cwd: theirs,
        before: cold,
      },
      target: 0.8,
    },
  ]
  const results: Result[] = []
  for (const comparison of comparisons) results.push(await compare(comparison, runs, env))
  if (process.argv.includes('--json')) console.log(JSON.stringify({ engine: engine.version, results }))
  else console.log(report(engine.version, results))
  if (results.some(({ ratio, target }) => ratio > target)) process.exitCode = 1
} finally {
  await run(ddalab('destroy', '-i', ours, '--yes'), { env }).catch(() => {})
  await run(compose('down'), { env, cwd: join(directory, 'theirs') }).catch(() => {})
  await home.remove()
}

function report(version: string, results: readonly Result[]): string {
  const rows = results.map(({ what, ours, theirs, ratio, target }) => [
    what,
    `${ours.toFixed(0)} ms`,
    `${theirs.toFixed(0)} ms`,
    ratio.toFixed(2),
    `${target.toFixed(2)} ${ratio <= target ? 'met' : 'MISSED'}`,
  ])
  const title = `Engine ${version}, five services, medians of ${runs} runs in turn`
  return [title, table([['', 'ddalab', 'compose', 'ratio', 'at most'], ...rows])].join('\n')
}
