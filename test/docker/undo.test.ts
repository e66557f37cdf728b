import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Journal, JournalRecord, JournalStore } from '../../src/core/kernel/index.ts'
import { docker } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { Deployer } from '../support/deployer.ts'
import { freePort } from '../support/ports.ts'
import { aService, aStack } from '../support/stack.ts'

/** A journal in which the writer dies before this line: it never comes back, and what it did is not written down. */
function dyingBefore(store: JournalStore, isLast: (record: JournalRecord) => boolean, died: () => void): JournalStore {
  let isDead = false
  const wrap = (journal: Journal): Journal => ({
    ...journal,
    append: async (record) => {
      if (!isDead && !isLast(record)) return journal.append(record)
      if (!isDead) {
        isDead = true
        // As the death of a process does.
        await journal.close()
        died()
      }
      return new Promise(() => {})
    },
  })
  return { ...store, create: async (run) => wrap(await store.create(run)) }
}

describe.skipIf(!lab.available).each(lab.engines)('undoing what nobody wrote down, on Engine $version', ({ host }) => {
  test('rules 04 and 32: a replacement that was started gives the port back before the old container starts', async () => {
    const project = `undo-${randomUUID().slice(0, 8)}`
    const port = { target: 80, published: String(await freePort()), protocol: 'tcp', mode: 'ingress' } as const
    const version = (text: string) =>
      aStack(project, [
        aService('web', {
          image: labImages.busybox,
          command: ['sh', '-c', 'exec httpd -f -p 80 -h /tmp'],
          stopSignal: 'SIGKILL',
          environment: { VERSION: text },
          ports: [port],
        }),
      ])
    const survivor = await Deployer.on(host)
    try {
      await survivor.deploy(version('old'))
      const old = await survivor.container(version('old'), 'web')

      const { promise: death, resolve: died } = Promise.withResolvers<void>()
      const isStarted = (record: JournalRecord) =>
        record.type === 'done' && record.operation.startsWith('container.start:')
      const victim = await Deployer.on(host, {
        directory: survivor.directory,
        around: (store) => dyingBefore(store, isStarted, died),
      })
      void victim.deploy(version('new'))
      await death

      expect(await survivor.recover()).toMatchObject({ result: 'rolled-back' })
      expect(await survivor.container(version('old'), 'web')).toMatchObject({ id: old.id, state: 'running' })
      await victim.provider.close()
    } finally {
      await survivor.close()
    }
  })

  test('rule 32: what is being stopped for a process that died has stopped before it is started again', async () => {
    const project = `undo-${randomUUID().slice(0, 8)}`
    const version = (text: string) =>
      aStack(project, [
        aService('web', {
          image: labImages.busybox,
          command: [
            'sh',
            '-c',
            'echo begun; trap "echo ending; sleep 2; exit" TERM; while :; do sleep 1 & wait $!; done',
          ],
          environment: { VERSION: text },
        }),
      ])
    const survivor = await Deployer.on(host)
    try {
      await survivor.deploy(version('old'))
      const old = await survivor.container(version('old'), 'web')
      const log = () => docker(host, 'logs', old.id)

      const isStopped = (record: JournalRecord) =>
        record.type === 'done' && record.operation.startsWith('container.stop:')
      const victim = await Deployer.on(host, {
        directory: survivor.directory,
        around: (store) => dyingBefore(store, isStopped, () => undefined),
      })
      void victim.deploy(version('new'))
      await expect.poll(log, { interval: 20 }).toBe('begun\nending')

      expect(await survivor.recover()).toMatchObject({ result: 'rolled-back' })
      expect(await survivor.container(version('old'), 'web')).toMatchObject({ id: old.id, state: 'running' })
      expect(await log()).toMatch(/^begun\n(ending\n)+begun$/)
      await victim.provider.close()
    } finally {
      await survivor.close()
    }
  })
})
