import { execFile } from 'node:child_process'
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { expect, vi } from 'vitest'
import { lab } from '../../lab/lab.ts'

/** The `docker` command on an engine: what a test sees without the program that it tests. */
export async function docker(host: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(lab.docker, args, { env: { ...process.env, DOCKER_HOST: host } })
  return stdout.trim()
}

/** What an engine has of a project. */
export class Project {
  readonly #host: string
  readonly #name: string

  constructor(host: string, name: string) {
    this.#host = host
    this.#name = name
  }

  /** `name state policy id` of all containers, sorted. */
  async containers(): Promise<readonly string[]> {
    const ids = await this.#list('container', '{{.ID}}', '--all', '--no-trunc')
    if (ids.length === 0) return []
    const format = '{{slice .Name 1}} {{.State.Status}} {{.HostConfig.RestartPolicy.Name}} {{.Id}}'
    return lines(await docker(this.#host, 'inspect', '--format', format, ...ids))
  }

  networks(): Promise<readonly string[]> {
    return this.#list('network', '{{.Name}} {{.ID}}')
  }

  volumes(): Promise<readonly string[]> {
    return this.#list('volume', '{{.Name}}')
  }

  async remove(): Promise<void> {
    const ids = await this.#list('container', '{{.ID}}', '--all')
    if (ids.length > 0) await docker(this.#host, 'rm', '--force', '--volumes', ...ids)
    const networks = await this.#list('network', '{{.ID}}')
    if (networks.length > 0) await docker(this.#host, 'network', 'rm', ...networks)
    const volumes = await this.volumes()
    if (volumes.length > 0) await docker(this.#host, 'volume', 'rm', ...volumes)
    await this.#removeKept()
  }

  /** What keeps the images of rollback points. */
  async #removeKept(): Promise<void> {
    const holders = lines(await docker(this.#host, 'ps', '-aq', '--filter', `label=io.ddalab.keeps=${this.#name}`))
    if (holders.length > 0) await docker(this.#host, 'rm', ...holders)
    const tags = lines(await docker(this.#host, 'images', '--format', '{{.Repository}}:{{.Tag}}'))
    const own = tags.filter((tag) => tag.includes(`:ddalab-keeps-${this.#name}-`))
    if (own.length > 0) await docker(this.#host, 'rmi', ...own)
  }

  async #list(kind: 'container' | 'network' | 'volume', format: string, ...more: readonly string[]) {
    const label = `label=com.docker.compose.project=${this.#name}`
    return lines(await docker(this.#host, kind, 'ls', ...more, '--filter', label, '--format', format))
  }
}

const lines = (output: string): readonly string[] => output.split('\n').filter(Boolean).sort()

/** What a port of this machine answers to a browser that asks for a host; undefined when nobody does. */
export function page(port: number, host = 'localhost'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, agent: false, timeout: 2_000, headers: { host } }
    const request = get(options, async (answer) => resolve(await text(answer).catch(() => undefined)))
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}

/** Resolves when the port answers with this page; what was started a moment ago takes its time. */
export async function serves(port: number, expected: string, host?: string): Promise<void> {
  await vi.waitFor(async () => expect(await page(port, host)).toBe(expected), { timeout: 10_000 })
}
