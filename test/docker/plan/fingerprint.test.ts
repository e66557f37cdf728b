import { expect, test } from 'vitest'
import { fingerprint } from '../../../src/core/providers/docker/plan/desired.ts'
import { aContainer, allOf } from '../../support/observation.ts'
import { aService, aStack, aVolume } from '../../support/stack.ts'

const stack = aStack('demo', [aService('web')], { volumes: { data: aVolume('demo_data') } })
const now = allOf(stack)

test('rule 43: a change of what the plan is about is another fingerprint', () => {
  const stopped = allOf(stack, { containers: [aContainer(stack, 'web', { state: 'exited' })] })
  const fingerprints = [now, stopped, { ...now, networks: [] }, { ...now, volumes: [] }].map((one) =>
    fingerprint(stack, one),
  )
  expect(new Set(fingerprints).size).toBe(4)
})

test('what others do on the same engine meanwhile is none of its business', () => {
  const [network] = now.networks
  const [volume] = now.volumes
  if (network === undefined || volume === undefined) throw new Error('the stack has none')
  const busy = {
    ...now,
    networks: [...now.networks, { ...network, name: 'other_default' }],
    volumes: [...now.volumes, { ...volume, name: 'other_data' }],
  }
  expect(fingerprint(stack, busy)).toBe(fingerprint(stack, now))
})
