import { expect, it, onTestFinished, vi } from 'vitest'
import type { ConfigDiff } from '../../src/core/config/index.ts'
import { type ConfigDesk, ConfigSession } from '../../src/ui/tui/config/index.ts'
import { form, keys } from './config-support.ts'

const fail = () => Promise.reject(new Error('is not asked for here'))

const entry = (number: number) => ({
  ...{
    number,
    at: '2026-01-01T00:00:00Z',
    by: 'ada@lab',
    command: 'config set',
    reason: null,
    kind: 'change' as const,
  },
  ...{ sha256: 'a'.repeat(64), before: null, version: '3.0.0', changes: [], written: true, kept: true, current: false },
})

const difference = (after: string): ConfigDiff => ({
  ...{ before: 'the file', after, same: false, lines: [], changes: [] },
  ...{ encryption: null, lineEnds: null, unreadable: [] },
})

it('shows the difference that was asked for last, whichever comes last', async () => {
  const asked = new Map<number, PromiseWithResolvers<ConfigDiff>>()
  const desk: ConfigDesk = {
    ...{ stamp: async () => '1', read: async () => form(), judge: async () => [], generate: async () => 'made' },
    ...{ reveal: fail, difference: fail, save: fail, edit: fail, openEditor: fail },
    history: async () => ({ entries: [entry(1), entry(2)], outside: false, problems: [] }),
    compare: (number) => {
      const answer = Promise.withResolvers<ConfigDiff>()
      asked.set(number, answer)
      return answer.promise
    },
  }
  const session = new ConfigSession(desk, false)
  onTestFinished(() => session.close())
  const press = (text: string) => keys(text).forEach((event) => void session.act(event))
  const listed = () =>
    vi.waitUntil(() => {
      const { mode } = session.shown()
      return mode.kind === 'history' && mode.list.kind === 'there'
    })

  press('H')
  await listed()
  press('\r\u001B')
  await listed()
  press('j\r')
  asked.get(1)?.resolve(difference('of entry 1'))
  asked.get(2)?.resolve(difference('of entry 2'))
  await asked.get(2)?.promise
  await vi.waitUntil(() => {
    const { mode } = session.shown()
    return mode.kind === 'compare' && mode.diff.kind === 'there'
  })
  const { mode } = session.shown()
  expect(mode).toMatchObject({ kind: 'compare', entry: { number: 1 }, diff: { it: { after: 'of entry 1' } } })
})
