import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { endpointUrl, isLocal, parseHost } from '../../../src/core/providers/docker/client/endpoint.ts'
import { type EndpointFacts, resolveEndpoints } from '../../../src/core/providers/docker/client/index.ts'
import { sshArguments } from '../../../src/core/providers/docker/client/ssh-agent.ts'

const HOME = '/home/ada'

/** A home directory in memory: files by path. */
const readFrom = (files: { readonly [path: string]: string }) => async (path: string) => files[path]

function facts(given: Partial<EndpointFacts> = {}): EndpointFacts {
  return { environment: {}, home: HOME, platform: 'linux', ...given }
}

const folderOf = (name: string) => createHash('sha256').update(name).digest('hex')

/** A context as `docker context create` writes it. */
function context(name: string, host: string, tls: { readonly [file: string]: string } = {}, skip = false) {
  const id = folderOf(name)
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: skip } } }
  const certificates = Object.entries(tls).map(([file, pem]) => [
    `${HOME}/.docker/contexts/tls/${id}/docker/${file}`,
    pem,
  ])
  return {
    [`${HOME}/.docker/contexts/meta/${id}/meta.json`]: JSON.stringify(meta),
    ...Object.fromEntries(certificates),
  }
}

const currentContext = (name: string) => ({ [`${HOME}/.docker/config.json`]: JSON.stringify({ currentContext: name }) })

/** The addresses tried, in order. */
async function addresses(given: EndpointFacts, files: { readonly [path: string]: string } = {}) {
  return (await resolveEndpoints(given, readFrom(files))).map(endpointUrl)
}

describe('rule 47: which engine is meant', () => {
  const files = {
    ...context('flag', 'tcp://flag:1'),
    ...context('variable', 'tcp://variable:2'),
    ...context('current', 'tcp://current:3'),
    ...currentContext('current'),
  }
  const environment = { DOCKER_HOST: 'tcp://host:4', DOCKER_CONTEXT: 'variable' }

  it('is --context before DOCKER_HOST before DOCKER_CONTEXT before currentContext', async () => {
    expect(await addresses(facts({ context: 'flag', environment }), files)).toEqual(['tcp://flag:1'])
    expect(await addresses(facts({ environment }), files)).toEqual(['tcp://host:4'])
    expect(await addresses(facts({ environment: { DOCKER_CONTEXT: 'variable' } }), files)).toEqual(['tcp://variable:2'])
    expect(await addresses(facts(), files)).toEqual(['tcp://current:3'])
  })

  it('is DOCKER_HOST or the usual places for the context "default", as in the Docker CLI', async () => {
    expect(await addresses(facts({ context: 'default', environment }), files)).toEqual(['tcp://host:4'])
    expect((await addresses(facts({ context: 'default' }), files))[0]).toBe('unix:///var/run/docker.sock')
    expect((await addresses(facts({ environment: { DOCKER_CONTEXT: 'default' } }), files))[0]).toBe(
      'unix:///var/run/docker.sock',
    )
    expect((await addresses(facts(), currentContext('default')))[0]).toBe('unix:///var/run/docker.sock')
  })

  it('follows DOCKER_CONFIG', async () => {
    const moved = { '/etc/lab/config.json': JSON.stringify({ currentContext: 'current' }) }
    const meta = context('current', 'tcp://moved:5')
    const elsewhere = Object.fromEntries(
      Object.entries(meta).map(([path, text]) => [path.replace(`${HOME}/.docker`, '/etc/lab'), text]),
    )
    expect(await addresses(facts({ environment: { DOCKER_CONFIG: '/etc/lab' } }), { ...moved, ...elsewhere })).toEqual([
      'tcp://moved:5',
    ])
  })

  it('says in words where the choice came from', async () => {
    const source = async (given: Partial<EndpointFacts>) =>
      (await resolveEndpoints(facts(given), readFrom(files)))[0].source
    expect(await source({ context: 'flag' })).toBe('context "flag" (--context)')
    expect(await source({ environment })).toBe('DOCKER_HOST')
    expect(await source({ environment: { DOCKER_CONTEXT: 'variable' } })).toBe('context "variable" (DOCKER_CONTEXT)')
    expect(await source({})).toBe(`context "current" (${HOME}/.docker/config.json)`)
  })

  it('refuses a context that does not exist, naming who asked for it', async () => {
    await expect(addresses(facts({ context: 'nowhere' }))).rejects.toMatchObject({
      code: 'CONTEXT_INVALID',
      message: expect.stringContaining('"nowhere", which --context names'),
    })
    await expect(addresses(facts(), currentContext('gone'))).rejects.toMatchObject({ code: 'CONTEXT_INVALID' })
  })

  it('refuses a damaged config file without quoting it, for it may hold passwords', async () => {
    const damaged = { [`${HOME}/.docker/config.json`]: '{"auths": {"x": {"auth": "c2VjcmV0OnNlY3JldA=="' }
    const error = await addresses(facts(), damaged).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'CONTEXT_INVALID', message: expect.stringContaining('config.json') })
    expect(JSON.stringify(error)).not.toContain('c2Vj')
  })
})

describe('rule 50: TLS', () => {
  const pem = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' }

  it('takes the certificates of the context', async () => {
    const [endpoint] = await resolveEndpoints(
      facts({ context: 'lab' }),
      readFrom(context('lab', 'tcp://lab:2376', pem)),
    )
    expect(endpoint).toMatchObject({ kind: 'tcp', port: 2376, tls: { ca: 'CA', cert: 'CERT', key: 'KEY' } })
  })

  it('refuses a context that does not want to verify', async () => {
    const files = context('lax', 'tcp://lab:2376', pem, true)
    await expect(addresses(facts({ context: 'lax' }), files)).rejects.toMatchObject({ code: 'CONTEXT_INVALID' })
  })

  it('takes DOCKER_CERT_PATH, or the folder of the Docker CLI, when DOCKER_TLS_VERIFY is set', async () => {
    const environment = { DOCKER_HOST: 'tcp://lab', DOCKER_TLS_VERIFY: '1' }
    const inFolder = (folder: string) =>
      Object.fromEntries(Object.entries(pem).map(([file, text]) => [`${folder}/${file}`, text]))
    const [first] = await resolveEndpoints(facts({ environment }), readFrom(inFolder(`${HOME}/.docker`)))
    expect(first).toMatchObject({ port: 2376, tls: { ca: 'CA' } })
    const given = { ...environment, DOCKER_CERT_PATH: '/certs' }
    const [second] = await resolveEndpoints(facts({ environment: given }), readFrom(inFolder('/certs')))
    expect(second).toMatchObject({ tls: { ca: 'CA' } })
    await expect(addresses(facts({ environment: given }))).rejects.toMatchObject({ code: 'CONTEXT_INVALID' })
    const [plain] = await resolveEndpoints(facts({ environment: { DOCKER_HOST: 'tcp://lab' } }), readFrom({}))
    expect(plain).toEqual({ kind: 'tcp', host: 'lab', port: 2375, source: 'DOCKER_HOST' })
  })
})

describe('rule 51: the usual places', () => {
  it('are tried in order, per system', async () => {
    expect(await addresses(facts({ environment: { XDG_RUNTIME_DIR: '/run/user/1000' } }))).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/1000/docker.sock',
      'unix:///home/ada/.docker/run/docker.sock',
      'unix:///home/ada/.docker/desktop/docker.sock',
      'unix:///run/user/1000/podman/podman.sock',
      'unix:///run/podman/podman.sock',
    ])
    expect(await addresses(facts({ platform: 'darwin' }))).toContain('unix:///home/ada/.docker/run/docker.sock')
    expect((await addresses(facts({ platform: 'win32', home: 'C:\\Users\\ada' })))[0]).toBe(
      'npipe:////./pipe/docker_engine',
    )
  })
})

describe('addresses', () => {
  const parsed = (host: string) => parseHost(host, 'test')

  it('are read as the Docker CLI reads them', () => {
    expect(parsed('unix:///run/x.sock')).toMatchObject({ kind: 'unix', path: '/run/x.sock' })
    expect(parsed('unix://')).toMatchObject({ path: '/var/run/docker.sock' })
    expect(parsed('npipe:////./pipe/docker_engine')).toMatchObject({ kind: 'npipe', path: '//./pipe/docker_engine' })
    expect(parsed('localhost:2375')).toMatchObject({ kind: 'tcp', host: 'localhost', port: 2375 })
    expect(parsed('tcp://[::1]:99')).toMatchObject({ kind: 'tcp', host: '::1', port: 99 })
    expect(parsed('ssh://ada@lab:2222')).toMatchObject({ kind: 'ssh', user: 'ada', host: 'lab', port: 2222 })
    expect(parsed('ssh://lab/run/user/1/docker.sock')).toMatchObject({ remoteSocket: '/run/user/1/docker.sock' })
  })

  it('are written as they were read', () => {
    const hosts = [
      'unix:///run/x.sock',
      'npipe:////./pipe/docker_engine',
      'tcp://[::1]:99',
      'ssh://ada@lab:2222/run/d.sock',
    ]
    expect(hosts.map((host) => endpointUrl(parsed(host)))).toEqual(hosts)
  })

  it('are refused with a reason, and without a password in it', () => {
    expect(() => parsed('ftp://lab')).toThrow(/"ftp" is none of/)
    expect(() => parsed('tcp://:1')).toThrow(/no host/)
    expect(() => parsed('ssh://-oProxyCommand=x')).toThrow(/CONTEXT|not a/)
    expect(() => parsed('ssh://ada:hunter2@lab')).toThrow(/ssh takes no password/)
    expect(() => parsed('ssh://ada:hunter2@lab')).not.toThrow(/hunter2/)
  })

  it('rule 40: say whether the engine is on our own machine', () => {
    expect(
      ['unix:///x', 'npipe:////./pipe/x', 'tcp://127.0.0.1:1', 'ssh://localhost'].map(parsed).map(isLocal),
    ).toEqual([true, true, true, true])
    expect(['tcp://lab:1', 'ssh://lab'].map(parsed).map(isLocal)).toEqual([false, false])
  })

  it('rule 49: go to the system ssh, as arguments and never as its options', () => {
    const endpoint = parsed("ssh://ada@lab:2222/run/it's.sock")
    expect(endpoint.kind === 'ssh' && sshArguments(endpoint)).toEqual([
      '-o',
      'ConnectTimeout=30',
      '-T',
      '-l',
      'ada',
      '-p',
      '2222',
      '--',
      'lab',
      `docker --host 'unix:///run/it'\\''s.sock' system dial-stdio`,
    ])
  })
})
