import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { lab, labImages } from '../lab/lab.ts'
import { Instance } from './support/instance.ts'
import { docker, page } from './support/project.ts'

describe.skipIf(!lab.available).each(lab.engines)('rule 05: a port that is taken, on Engine $version', ({ host }) => {
  const nothing = { containers: [], networks: [], files: [] }

  test.concurrent('by a process: it is named with its id, and nothing is begun', async () => {
    const instance = await Instance.on(host)
    const holder = createServer((_, answer) => answer.end('mine')).listen(instance.port, '0.0.0.0')
    await once(holder, 'listening')
    try {
      const { code, error } = await instance.answer('deploy')
      expect(code).toBe(4)
      expect(error).toMatchObject({ code: 'PORT_TAKEN', exit: 4, hint: expect.stringContaining('another port') })
      expect(error.message).toContain(`Port ${instance.port}/tcp, which service "web" publishes, is held by`)
      expect(error.message).toMatch(new RegExp(`\\(pid ${process.pid}\\)`))
      expect(await instance.snapshot()).toEqual(nothing)
      expect(await instance.project.volumes()).toEqual([])
      expect(await page(instance.port)).toBe('mine')
      const { data } = await instance.answer('doctor')
      expect(JSON.stringify(data)).toContain(`(pid ${process.pid})`)
    } finally {
      holder.close()
      await instance.remove()
    }
  })

  test.concurrent('by a container: it is named, and goes on serving; with a free port the deploy succeeds', async () => {
    const instance = await Instance.on(host)
    const name = `${instance.name}-foreign`
    const serve = 'mkdir /w; echo foreign >/w/index.html; exec httpd -f -p 80 -h /w'
    try {
      await docker(host, 'run', '-d', '--name', name, '-p', `${instance.port}:80`, labImages.busybox, 'sh', '-c', serve)
      const { code, error } = await instance.answer('deploy')
      expect({ code, error }).toMatchObject({ code: 4, error: { code: 'PORT_TAKEN' } })
      expect(error.message).toContain(`is held by the container "${name}"`)
      expect(await instance.snapshot()).toEqual(nothing)
      expect(await page(instance.port)).toBe('foreign\n')
      await docker(host, 'rm', '-f', name)
      await instance.succeed('deploy')
      expect(await page(instance.port)).toBe('version 1\n')
    } finally {
      await docker(host, 'rm', '-f', name).catch(() => undefined)
      await instance.remove()
    }
  })

  test.concurrent('by a process, when a running stack is moved to it: the old one serves on at its own port', async () => {
    const instance = await Instance.on(host)
    const holder = createServer().listen(0, '0.0.0.0')
    await once(holder, 'listening')
    try {
      await instance.succeed('deploy')
      const before = await instance.snapshot()
      const address = holder.address()
      await instance.set('parameters.PORT', typeof address === 'object' ? address?.port : undefined)
      expect(await instance.answer('deploy')).toMatchObject({ code: 4, error: { code: 'PORT_TAKEN' } })
      expect(await instance.snapshot()).toEqual(before)
      expect(await page(instance.port)).toBe('version 1\n')
    } finally {
      holder.close()
      await instance.remove()
    }
  })
})
