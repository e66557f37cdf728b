import { once } from 'node:events'
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ddalab, LAUNCHER, start } from '../cli/run-cli.ts'

/** A user who may do nothing here. */
const NOBODY = 65_534

let directory: string
let socket: string
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ddalab-faults-'))
  socket = join(directory, 'docker.sock')
  env = { DDALAB_HOME: join(directory, 'home'), DOCKER_HOST: `unix://${socket}` }
  expect(await ddalab(['init', '--template', 'demo'], { env })).toMatchObject({ code: 0 })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const filesOfInstance = () => readdir(join(directory, 'home', 'instances', 'ddalab'), { recursive: true })

describe.skipIf(process.platform === 'win32')('a socket on which nothing listens', () => {
  beforeAll(async () => {
    // What an engine leaves that was killed: a child dies with the socket open, so that nobody removes the file.
    const listen = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`
    await once(start(process.execPath, ['-e', listen]).child, 'exit')
  })

  test.each(['deploy', 'status', 'destroy --yes'])(
    '%s: exit code 4, where it was looked for, and nothing is touched',
    async (line) => {
      const before = await filesOfInstance()
      const { code, stdout } = await ddalab([...line.split(' '), '--json'], { env })
      expect(code).toBe(4)
      expect(JSON.parse(stdout).error).toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        message: `No Docker engine answers at unix://${socket} (DOCKER_HOST): nothing listens there`,
        hint: expect.stringMatching(/Start Docker.*ddalab doctor/),
      })
      expect(await filesOfInstance()).toEqual(before)
    },
  )

  test('doctor: exit code 4, and the commands that start or install one', async () => {
    const { code, stdout } = await ddalab(['doctor', '--json'], { env })
    expect(code).toBe(4)
    const [engine] = JSON.parse(stdout).data.checks
    expect(engine).toMatchObject({ name: 'engine', verdict: 'failed', hint: expect.stringMatching(/install|start/i) })
    expect(engine.commands.join('\n')).toMatch(/docker/)
  })
})

describe.skipIf(process.getuid?.() !== 0)('as a user without permissions (needs root to become one)', () => {
  let server: Server
  const asNobody = (...args: readonly string[]) =>
    start('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', LAUNCHER, ...args], {
      env: { ...env, HOME: directory, DDALAB_HOME: join(directory, 'nobody') },
    }).finished

  beforeAll(async () => {
    await rm(socket, { force: true })
    server = createServer().listen(socket)
    await once(server, 'listening')
    await chmod(socket, 0o660)
    await chmod(directory, 0o777)
    expect(await asNobody('init', '--template', 'demo')).toMatchObject({ code: 0 })
  })
  afterAll(() => server.close())

  test.each(['deploy', 'status', 'doctor'])(
    '%s on a socket of root: exit code 4, and how to get the permission',
    async (command) => {
      const { code, stdout, stderr } = await asNobody(command)
      expect(code).toBe(4)
      expect(stdout + stderr).toContain(`You may not use the Docker engine at unix://${socket}`)
      expect(stdout + stderr).toContain('sudo usermod -aG docker $USER')
    },
  )

  test('a config that only root may read is said to be so, and left alone', async () => {
    const config = join(directory, 'nobody', 'instances', 'ddalab', 'deployment-config.yml')
    await chown(config, 0, 0)
    const { code, stderr } = await asNobody('plan')
    expect(code).toBe(2)
    expect(stderr).toContain(`${config} cannot be read: EACCES`)
    expect(stderr).toContain('Run as its owner, or change its permissions.')
    const again = await asNobody('init', '--template', 'demo')
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('There is a config already') })
  })
})
