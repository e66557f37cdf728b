import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { releaseStore } from '../../src/core/release/index.ts'
import { lab } from '../lab/lab.ts'
import { RollbackLab } from './rollback-lab.ts'

const [engine] = lab.engines.slice(-1)

/** Up to the verdict it is as if nothing had been, from there on it is done. */
const moments = [
  ['operation.started image.tag', 'two'],
  ['operation.started container.start', 'two'],
  ['operation.started config.write', 'two'],
  ['operation.succeeded config.write', 'two'],
  ['run.verdict', 'one'],
  ['operation.started release.record', 'one'],
  ['operation.succeeded release.record', 'one'],
  ['operation.started release.prune', 'one'],
] as const

describe.skipIf(engine === undefined)('kill -9 in the middle of a rollback', () => {
  let on: RollbackLab
  beforeEach(async () => {
    on = await RollbackLab.on(engine?.host ?? '')
  })
  afterEach(() => on.remove())

  test.each(moments)(
    'at %s: the next command brings containers, tag and config together at %s',
    async (moment, title) => {
      const image = `${on.name}:latest`
      const first = await on.build(image)
      await on.init(image, 'one')
      const texts: Record<string, string> = { one: await on.text() }
      await on.deploy()
      const second = await on.build(image)
      await on.deploy(image, 'two')
      texts.two = await on.text()

      const script = fileURLToPath(new URL('kill-action-child.ts', import.meta.url))
      const words = [script, on.host, on.world.directory, on.name, moment, 'rollback']
      const child = spawn(process.execPath, words, { stdio: 'inherit' })
      const [, signal] = await once(child, 'exit')
      expect(signal).toBe('SIGKILL')

      await on.deploy()
      const isBack = title === 'one'
      expect(await on.runs()).toMatchObject({ state: 'running', title, image: isBack ? first : second })
      expect(await on.text()).toBe(texts[title])
      expect(await on.idOf(image)).toBe(isBack ? first : second)
      expect(await on.left()).toEqual([])
      // A container that was put back may still be starting: the deploy that waited for it is on record, and no point of its own.
      const states = (await on.states()).map((state) => state.split(' ')[1])
      expect(states.filter((state) => state !== 'pruned')).toEqual(['point', 'current'])
      // What recovery recorded is a whole release: its stack is there, and one can go back.
      const newest = (await releaseStore(on.paths.releases).list()).at(-1)
      expect(await releaseStore(on.paths.releases).stackOf(newest?.id ?? '')).toBeDefined()
      await on.rollback()
      expect(await on.runs()).toMatchObject({ title: isBack ? 'two' : 'one' })
    },
  )
})
