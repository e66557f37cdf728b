import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SSHD = '/usr/sbin/sshd'

/** A throw-away sshd on loopback, whose host key and user key only this test knows. */
export interface SshServer {
  readonly port: number
  /** A folder with an `ssh` that uses this test's key and known hosts, to be put first in PATH. */
  readonly clientPath: string
  /** The same, with a list of known hosts that knows another key for this host. */
  readonly strangerPath: string
  stop(): void
}

/** Why there can be none here; undefined when there can. */
export const sshServerMissing: string | undefined = existsSync(SSHD) ? undefined : 'sshd is not installed'

/** Starts one where the remote `docker` command is `docker` (a path) and speaks to `dockerHost`. */
export async function startSshServer(docker: string, dockerHost: string): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ddalab-ssh-'))
  const key = (name: string) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    return execFileSync('cat', [join(folder, `${name}.pub`)], { encoding: 'utf8' })
  }
  const [host, user, other] = [key('host'), key('user'), key('other')]
  const port = await freePort()
  writeFileSync(join(folder, 'authorized'), user, { mode: 0o600 })
  const remote = script(join(folder, 'remote'), 'docker', `DOCKER_HOST=${dockerHost} exec ${docker} "$@"`)
  writeFileSync(
    join(folder, 'config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      `PidFile ${join(folder, 'pid')}`,
      `SetEnv PATH=${remote}:/usr/bin:/bin`,
    ].join('\n'),
  )
  mkdirSync('/run/sshd', { recursive: true })
  const server = spawn(SSHD, ['-D', '-e', '-f', join(folder, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  await listening(server)
  return {
    port,
    clientPath: client(folder, 'client', `[127.0.0.1]:${port} ${host}`),
    strangerPath: client(folder, 'stranger', `[127.0.0.1]:${port} ${other}`),
    stop: () => {
      server.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function client(folder: string, name: string, knownHosts: string): string {
  const known = join(folder, `${name}-known-hosts`)
  writeFileSync(known, knownHosts)
  const options = `-o IdentityFile=${join(folder, 'user')} -o IdentitiesOnly=yes -o UserKnownHostsFile=${known}`
  const strict = '-o StrictHostKeyChecking=yes -o BatchMode=yes'
  return script(join(folder, name), 'ssh', `exec /usr/bin/ssh -F /dev/null ${options} ${strict} "$@"`)
}

/** Writes an executable shell script; gives its folder. */
export function script(folder: string, name: string, line: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${line}\n`)
  chmodSync(path, 0o755)
  return folder
}

function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = ''
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      words += chunk
      if (words.includes('Server listening')) resolve()
    })
    server.once('exit', () => reject(new Error(`sshd did not start: ${words}`)))
  })
}

/** A port nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject()))
    })
  })
}
