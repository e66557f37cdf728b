import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiBody, Engine } from '../../../src/core/providers/docker/client/index.ts'
import { lab, labImages } from '../../lab/lab.ts'
import { connectTo, removeAll, runBusybox } from './support.ts'

describe.skipIf(!lab.available).each(lab.engines)('the calls of the client, on Engine $version', ({ host }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await connectTo(host)
  })
  afterAll(async () => {
    await removeAll(engine, 'client-calls-')
    engine.close()
  })

  it('tells what the engine is', async () => {
    const [version, info] = await Promise.all([engine.version(), engine.info(), engine.ping()])
    expect(version).toMatchObject({ Os: 'linux', Version: expect.stringMatching(/^\d+\./) })
    expect(info).toMatchObject({ OSType: 'linux', NCPU: expect.any(Number) })
  })

  it('rule 30: a call that finds its work done says so', async () => {
    const id = await runBusybox(engine, 'client-calls-done', ['sleep', '60'])
    const { containers } = engine
    expect(await containers.start(id)).toBe('already')
    expect(await containers.pause(id)).toBe('done')
    expect(await containers.pause(id)).toBe('already')
    expect(await containers.unpause(id)).toBe('done')
    expect(await containers.unpause(id)).toBe('already')
    expect(await containers.kill(id)).toBe('done')
    await containers.wait(id)
    expect(await containers.kill(id)).toBe('already')
    expect(await containers.stop(id, { timeout: 1 })).toBe('already')
    expect(await containers.remove(id)).toBe('done')
    expect(await containers.remove(id)).toBe('absent')
    expect(await containers.stop(id)).toBe('absent')
    expect(await containers.kill(id)).toBe('absent')
    expect(await containers.inspect(id)).toBeUndefined()
    await expect(containers.start(id)).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' })
  })

  it('rule 35: names and ids are exact, although the engine takes their beginnings', async () => {
    const id = await runBusybox(engine, 'client-calls-exact', ['sleep', '60'])
    await runBusybox(engine, 'client-calls-exact-too', ['sleep', '60'])
    expect(await engine.containers.inspect(id.slice(0, 12))).toBeUndefined()
    expect(await engine.containers.inspect('client-calls-exact')).toMatchObject({ Id: id })
    const found = await engine.containers.list({ name: 'client-calls-exact' })
    expect(found.map(({ Id }) => Id)).toEqual([id])
    const network = await engine.networks.create({ Name: 'client-calls-net' })
    await engine.networks.create({ Name: 'client-calls-network' })
    try {
      expect(await engine.networks.inspect(network.slice(0, 12))).toBeUndefined()
      expect((await engine.networks.list({ name: 'client-calls-net' })).map(({ Id }) => Id)).toEqual([network])
    } finally {
      await engine.networks.remove('client-calls-network')
      expect(await engine.networks.remove(network)).toBe('done')
    }
    expect(await engine.networks.remove(network)).toBe('absent')
  })

  it('finds containers by label, running or not', async () => {
    const id = await runBusybox(engine, 'client-calls-label', ['true'], {}, {})
    await engine.containers.wait(id)
    const labels = { 'io.ddalab.test': 'client' }
    const names = async (filter: Parameters<Engine['containers']['list']>[0]) =>
      (await engine.containers.list(filter)).flatMap(({ Names }) => Names)
    expect(await names({ labels })).toContain('/client-calls-label')
    expect(await names({ labels: { 'io.ddalab.test': true } })).toContain('/client-calls-label')
    // The engine answers `wait` before its list knows of the end.
    await expect.poll(() => names({ labels, running: true })).not.toContain('/client-calls-label')
    expect(await names({ labels: { 'io.ddalab.test': 'other' } })).toEqual([])
  })

  it('creates, inspects, renames, updates, and waits for the exit code', async () => {
    const id = await runBusybox(engine, 'client-calls-whole', ['sh', '-c', 'exit 7'], { Env: ['A=1'] })
    expect(await engine.containers.wait(id)).toBe(7)
    await engine.containers.rename(id, 'client-calls-renamed')
    await engine.containers.update(id, { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } })
    expect(await engine.containers.inspect(id)).toMatchObject({
      Name: '/client-calls-renamed',
      State: { Status: 'exited', ExitCode: 7, Health: undefined },
      Config: { Image: labImages.busybox, Tty: false, Labels: { 'io.ddalab.test': 'client' } },
      HostConfig: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } },
    })
  })

  it('lists the processes of a container', async () => {
    const id = await runBusybox(engine, 'client-calls-top', ['sleep', '61'])
    const { Titles, Processes } = await engine.containers.top(id)
    expect(Processes[0]?.[Titles.indexOf('CMD')]).toBe('sleep 61')
  })

  it('copies files in and out as tar archives', async () => {
    const id = await runBusybox(engine, 'client-calls-archive', ['sh', '-c', 'echo hello >/tmp/greeting; sleep 60'])
    const other = await runBusybox(engine, 'client-calls-archive-to', ['sleep', '60'])
    await engine.containers.putArchive(other, '/', await engine.containers.getArchive(id, '/tmp/greeting'))
    const chunks: Buffer[] = []
    for await (const chunk of await engine.containers.getArchive(other, '/greeting')) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toContain('hello')
  })

  it('rule 34: connects a network with aliases, and disconnects it', async () => {
    const id = await runBusybox(engine, 'client-calls-alias', ['sleep', '60'])
    const network = await engine.networks.create({ Name: 'client-calls-alias', Labels: { a: 'b' } })
    try {
      await engine.networks.connect(network, id, { Aliases: ['db', 'database'] })
      const container = await engine.containers.inspect(id)
      expect(container?.NetworkSettings.Networks['client-calls-alias']?.Aliases).toEqual(
        expect.arrayContaining(['db', 'database']),
      )
      await expect(engine.networks.remove(network)).rejects.toMatchObject({ code: 'NETWORK_IN_USE' })
      expect(await engine.networks.disconnect(network, id)).toBe('done')
      expect(await engine.networks.disconnect(network, id)).toBe('already')
    } finally {
      await engine.containers.remove(id, { force: true })
      await engine.networks.remove(network)
    }
  })

  it('creates, finds and removes volumes', async () => {
    await engine.volumes.remove('client-calls-data')
    await engine.volumes.create({ Name: 'client-calls-data', Labels: { a: 'b' } })
    expect(await engine.volumes.inspect('client-calls-data')).toMatchObject({ Driver: 'local', Labels: { a: 'b' } })
    expect(await engine.volumes.list({ labels: { a: 'b' }, name: 'client-calls-data' })).toHaveLength(1)
    expect(await engine.volumes.remove('client-calls-data')).toBe('done')
    expect(await engine.volumes.remove('client-calls-data')).toBe('absent')
    expect(await engine.volumes.inspect('client-calls-data')).toBeUndefined()
  })

  it('tags, finds and removes images', async () => {
    const image = await engine.images.inspect(labImages.busybox)
    expect(image).toMatchObject({ Os: 'linux', Architecture: expect.any(String) })
    await engine.images.tag(labImages.busybox, 'client-calls/copy', '1')
    expect((await engine.images.list({ reference: 'client-calls/copy' }))[0]?.Id).toBe(image?.Id)
    expect(await engine.images.remove('client-calls/copy:1')).toBe('done')
    expect(await engine.images.remove('client-calls/copy:1')).toBe('absent')
    expect(await engine.images.inspect('client-calls/none:1')).toBeUndefined()
  })

  it('names what is in the way: name, port, image, platform, address pool', async () => {
    const { containers, networks } = engine
    const exposed = { ExposedPorts: { '80/tcp': {} } }
    const body = (host: ApiBody = {}) => ({
      Image: labImages.busybox,
      Cmd: ['sleep', '60'],
      ...exposed,
      HostConfig: host,
    })
    const id = await runBusybox(engine, 'client-calls-name', ['sleep', '60'])
    const port = { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18457' }] } }
    await expect(containers.create({ name: 'client-calls-name', body: body() })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    })
    await expect(containers.create({ name: 'client-calls-x', body: { Image: 'none/such:1' } })).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
    })
    await expect(
      containers.create({ name: 'client-calls-x', platform: 'linux/s390x', body: body() }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^IMAGE_(WRONG_PLATFORM|NOT_FOUND)$/) })
    const first = await runBusybox(engine, 'client-calls-port', ['sleep', '60'], exposed, port)
    const labels = { 'io.ddalab.test': 'client' }
    const second = await containers.create({ name: 'client-calls-port2', body: { ...body(port), Labels: labels } })
    await expect(containers.start(second.id)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    const subnet = { IPAM: { Config: [{ Subnet: '10.213.0.0/24' }] } }
    const network = await networks.create({ Name: 'client-calls-pool', ...subnet })
    try {
      await expect(networks.create({ Name: 'client-calls-pool2', ...subnet })).rejects.toMatchObject({
        code: 'ADDRESS_POOL_EXHAUSTED',
      })
      await expect(networks.create({ Name: 'client-calls-pool' })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    } finally {
      await networks.remove(network)
    }
    await Promise.all([id, first, second.id].map((each) => containers.remove(each, { force: true })))
  })
})
