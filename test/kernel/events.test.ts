import { expect, test } from 'vitest'
import { createEventBus, type KernelEvent, type StampedEvent } from '../../src/core/kernel/index.ts'

const notice = (message: string): KernelEvent => ({ type: 'notice', level: 'info', message })
const now = () => new Date('2026-11-21T08:47:00Z')

test('events are numbered from 1 and stamped, until the subscription ends', () => {
  const bus = createEventBus(now)
  const seen: StampedEvent[] = []
  const unsubscribe = bus.subscribe((event) => seen.push(event))
  bus.emit(notice('one'))
  bus.emit(notice('two'))
  unsubscribe()
  bus.emit(notice('three'))
  expect(seen).toEqual([
    { seq: 1, ts: '2026-11-21T08:47:00.000Z', ...notice('one') },
    { seq: 2, ts: '2026-11-21T08:47:00.000Z', ...notice('two') },
  ])
})

test('secrets are masked before anyone sees the event', () => {
  const bus = createEventBus(now, (event) =>
    event.type === 'notice' ? { ...event, message: event.message.replace('hunter2', '***') } : event,
  )
  const seen: StampedEvent[] = []
  bus.subscribe((event) => seen.push(event))
  bus.emit(notice('password hunter2'))
  expect(seen).toMatchObject([{ message: 'password ***' }])
})

test('a listener that throws is dropped; the others get every event and are told', () => {
  const bus = createEventBus(now)
  const seen: StampedEvent[] = []
  bus.subscribe(() => {
    throw new Error('no such colour')
  })
  bus.subscribe((event) => seen.push(event))
  bus.emit(notice('one'))
  bus.emit(notice('two'))
  expect(seen.map((event) => event.type === 'notice' && event.message)).toEqual([
    'one',
    'an output failed and was dropped: no such colour',
    'two',
  ])
  expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3])
})
