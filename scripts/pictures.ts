import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { labEnvironment } from '../bench/lab-environment.ts'
import { labImages, readLab, throwAwayEngine } from '../test/lab/lab.ts'
import { picture, pictureEnvironment, type Walk } from './picture.ts'

/**
 * `npm run pictures`: makes docs/pictures/*.svg anew from real runs: the DDALAB stack with the images of the test lab, on an
 * engine of its own, on ports from 24180 on. Needs the test lab with its engines (docs/test-lab.md) and tmux.
 */
const PICTURES = join(import.meta.dirname, '..', 'docs', 'pictures')
const { app, appCrashAfter5s, postgres, redis, s3, caddy } = labImages
const SETTINGS = [
  ...[`docker.image=${app}`, `images.postgres=${postgres}`, `images.redis=${redis}`, `images.minio=${s3}`],
  ...[`images.caddy=${caddy}`, 'ingress.type=caddy'],
  ...['ingress.httpPort=24180', 'ingress.httpsPort=24443', 'api.port=24801'],
]

/** Through the wizard, with a few answers, to its summary. */
const WIZARD: Walk = {
  steps: [
    { sees: 'What is deployed.', press: ['PageDown'] },
    { sees: 'Which defaults hold.', press: ['PageDown'] },
    { sees: 'Image of DDALAB', press: ['PageDown'] },
    { sees: 'Name under which', press: ['lab.example.org', 'PageDown'] },
    { sees: 'Where your data lies.', press: ['PageDown'] },
    { sees: 'HTTPS port', press: ['24180', 'Enter', '24443', 'PageDown'] },
    { sees: 'Who checks passwords.', press: ['Down', 'Enter', 'ldaps://ldap.example.org', 'Enter'] },
    { sees: 'Bind password', press: ['cn=ddalab', 'Enter', 'correct horse battery', 'Enter', 'ou=people', 'PageDown'] },
    { sees: 'Most CPUs', press: ['PageDown'] },
    { sees: 'Prometheus', press: ['PageDown'] },
    { sees: 'Update channel', press: ['PageDown'] },
  ],
  until: 'A deploy makes',
}

const DASHBOARD = { columns: 130, rows: 36 }
const LOGS: Walk = {
  steps: [
    { sees: '● healthy', press: ['2'] },
    { sees: 'FOLLOW', press: ['/'] },
    { sees: 'Search', press: ['ready'] },
    { sees: 'found', press: ['Enter'] },
  ],
  until: 'PAUSED',
}
const ROLLBACK: Walk = { steps: [{ sees: '● healthy', press: ['4'] }], until: 'Downtime' }
const CONFIG: Walk = { steps: [{ sees: '● healthy', press: ['5'] }], until: 'Template that is deployed' }
const PLAN: Walk = { steps: [{ sees: '● healthy', press: ['d'] }], until: 'Go ahead' }
const UNDONE: Walk = {
  steps: [
    { sees: '● healthy', press: ['d'] },
    { sees: 'Go ahead', press: ['Tab', 'Enter'] },
  ],
  until: 'What to do',
}
const EVENTS: Walk = { steps: [{ sees: '● healthy', press: ['6'] }], until: 'Events, times in UTC' }

const lab = readLab(await labEnvironment())
const engine = await throwAwayEngine('pictures')
const home = await mkdtemp(join(tmpdir(), 'ddalab-pictures-'))
const plugins = join(home, 'docker', 'cli-plugins')
const env = pictureEnvironment({
  ...process.env,
  DDALAB_HOME: home,
  DOCKER_HOST: engine.host,
  DOCKER_CONFIG: join(home, 'docker'),
})
const ddalab = (...words: string[]) => execa('ddalab', words, { env, extendEnv: false })

interface How {
  readonly columns?: number
  readonly rows?: number
  readonly walk?: Walk
}

async function take(name: string, command: string, { columns = 100, rows = 60, walk }: How = {}): Promise<void> {
  const shot = { command, columns, rows, env, ...(walk !== undefined && { walk }) }
  const svg = await picture(shot, join(PICTURES, `${name}.svg`), (text) => text.replaceAll(home, '~/.config/ddalab'))
  const leaks = [home, tmpdir(), homedir(), hostname()].filter((text) => svg.includes(text))
  if (leaks.length > 0) throw new Error(`${name}.svg shows ${leaks.join(', ')}, which belongs to this machine`)
  console.log(`docs/pictures/${name}.svg  ${command}`)
}

try {
  await engine.load('new', app, appCrashAfter5s, postgres, redis, s3, caddy)
  await mkdir(plugins, { recursive: true })
  await symlink(lab.compose, join(plugins, 'docker-compose'))
  await mkdir(PICTURES, { recursive: true })
  await take('wizard', 'ddalab init -i lab', { columns: 124, rows: 38, walk: WIZARD })
  await ddalab('init', ...SETTINGS.flatMap((setting) => ['--set', setting]))

  await take('plan', 'ddalab plan')
  await take('deploy', 'ddalab deploy --yes')
  await take('status', 'ddalab status', { columns: 124 })

  // Figures over some seconds; then what there is to go back to.
  await take('tui', 'ddalab tui', { ...DASHBOARD, walk: { steps: [], until: '█'.repeat(8) } })
  await take('tui-logs', 'ddalab tui', { ...DASHBOARD, walk: LOGS })
  await ddalab('config', 'set', 'resources.ddalab.cpus=1')
  await ddalab('deploy', '--yes')
  await take('tui-rollback', 'ddalab tui', { ...DASHBOARD, walk: ROLLBACK })

  // An update to a version that crashes after five seconds.
  const config = join(home, 'instances', 'ddalab', 'deployment-config.yml')
  await writeFile(config, (await readFile(config, 'utf8')).replace(app, appCrashAfter5s))
  await take('tui-plan', 'ddalab tui', { ...DASHBOARD, walk: PLAN })
  await take('tui-undone', 'ddalab tui', { ...DASHBOARD, walk: UNDONE })
  await take('tui-events', 'ddalab tui', { ...DASHBOARD, walk: EVENTS })
  await take('tui-config', 'ddalab tui', { ...DASHBOARD, walk: CONFIG })
  await writeFile(config, (await readFile(config, 'utf8')).replace(app, appCrashAfter5s))
  await take('failure', 'ddalab deploy --yes')
} finally {
  await engine.remove()
  await rm(home, { recursive: true, force: true })
}
