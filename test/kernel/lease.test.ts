import { expect, test } from 'vitest'
import { describeHolder, type LeaseHolder, type ProcessPlace, staleness } from '../../src/core/kernel/index.ts'

const here: ProcessPlace = { host: 'lab', machine: 'm1', boot: 'b1', pidNamespace: 'pid:[1]' }
const holder: LeaseHolder = {
  ...here,
  token: 't',
  owner: 'anna',
  pid: 4711,
  processStart: '900',
  command: 'ddalab deploy',
  startedAt: '2026-11-21T08:47:00.000Z',
  heartbeatAt: '2026-11-21T08:50:00.000Z',
}
const beat = new Date(holder.heartbeatAt).getTime()
const soon = new Date(beat + 4_000)
const later = new Date(beat + 3_600_000)
const running = { alive: true, processStart: '900' }
const gone = { alive: false }

// What a system other than Linux tells.
const { machine: _machine, boot: _boot, pidNamespace: _pidNamespace, processStart: _start, ...mac } = holder
const macPlace = { host: 'lab' }

const cases = [
  ['its process runs', holder, soon, here, running, undefined],
  ['its process is suspended since an hour', holder, later, here, running, undefined],
  ['its process is gone', holder, soon, here, gone, 'its process 4711 is gone'],
  [
    'its process id was recycled',
    holder,
    soon,
    here,
    { alive: true, processStart: '950' },
    'process 4711 is another one now',
  ],
  ['the machine was restarted', holder, soon, { ...here, boot: 'b2' }, running, 'lab was restarted since'],
  ['it is on another host and beats', holder, soon, { host: 'b', machine: 'm2', boot: 'b2' }, gone, undefined],
  [
    'it is on another host and silent',
    holder,
    later,
    { host: 'b', machine: 'm2', boot: 'b2' },
    gone,
    'no sign of life for 3600 s',
  ],
  ['another machine has the same name', holder, soon, { ...here, machine: 'm2', boot: 'b2' }, gone, undefined],
  ['it is in another container of this machine', holder, soon, { ...here, pidNamespace: 'pid:[2]' }, gone, undefined],
  ['elsewhere than on Linux its process runs', mac, soon, macPlace, { alive: true }, undefined],
  ['elsewhere than on Linux its process is gone', mac, soon, macPlace, gone, 'its process 4711 is gone'],
  [
    'elsewhere than on Linux its id is in use, but silent',
    mac,
    later,
    macPlace,
    { alive: true },
    'no sign of life for 3600 s',
  ],
] as const

test.each(cases)('rule 42: a lease when %s', (_when, held, now, place, sighting, expected) => {
  expect(staleness(held, now, place, sighting)).toBe(expected)
})

test('a holder is told with command, process, user, host and time', () => {
  expect(describeHolder(holder)).toBe('"ddalab deploy", process 4711 of anna on lab, since 2026-11-21 08:47 UTC')
})
