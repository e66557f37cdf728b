import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Brings the lab up once for all tests, and puts its description into the environment that the workers inherit. */
export default function setup(): void {
  const script = fileURLToPath(new URL('lab.sh', import.meta.url))
  const run = (verb: string) =>
    spawnSync('bash', [script, verb], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })
  const up = run('up')
  const described = run('env')
  if (up.status !== 0 && process.env.CI !== undefined) throw new Error('the test lab did not come up')
  for (const line of described.stdout.split('\n')) {
    const separator = line.indexOf('=')
    if (separator > 0) process.env[line.slice(0, separator)] = line.slice(separator + 1)
  }
}
