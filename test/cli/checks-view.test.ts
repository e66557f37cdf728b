import { expect, it } from 'vitest'
import { type Check, readiness } from '../../src/core/actions/doctor.ts'
import { renderDoctor } from '../../src/ui/cli/views/checks.ts'

const engine: Check = { name: 'engine', verdict: 'ok', message: 'Docker Engine 28' }
const config: Check = { name: 'config', verdict: 'ok', message: 'it is valid' }
const missing: Check = { name: 'config', verdict: 'warning', message: 'There is none', hint: 'ddalab init' }
const broken: Check = { name: 'disk', verdict: 'failed', message: 'full' }

it.each([
  ['ready', [engine, config], 'Ready to deploy.'],
  ['no config', [engine, missing], 'This machine is ready; there is no config yet to deploy.'],
  ['not ready', [engine, missing, broken], 'Not ready to deploy yet.'],
] as const)('doctor says what is so: %s', (found, checks, sentence) => {
  expect(readiness(checks)).toBe(found)
  expect(renderDoctor(checks, found, { colour: false, unicode: true, width: 80 }).split('\n').at(-1)).toBe(sentence)
})
