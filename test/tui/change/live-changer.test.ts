import { describe, expect, it } from 'vitest'
import { liveChanger } from '../../../src/ui/tui/change/index.ts'
import { ddalab } from '../../cli/run-cli.ts'
import { testWorld } from '../../support/world.ts'
import { DEPLOY } from './support.ts'

const NOWHERE = 'unix:///nowhere/docker.sock'
const never = new AbortController().signal

async function changer() {
  const world = await testWorld(NOWHERE)
  const live = liveChanger(world, { instance: 'lab' }, (words) => `ddalab ${words} -i lab`)
  const env = { DDALAB_HOME: world.directory, DOCKER_HOST: NOWHERE, DDALAB_INSTANCE: 'lab' }
  return { world, live, init: () => ddalab(['init', '--template', 'ddalab'], { env }) }
}

describe('changes through core', () => {
  it('that cannot be planned or carried out are answered with the error, never thrown', async () => {
    const { live, world } = await changer()
    expect(await live.plan(DEPLOY, never)).toMatchObject({
      kind: 'refused',
      error: { code: 'INSTANCE_NOT_FOUND', hint: 'Make it with: ddalab init -i lab' },
    })
    expect(await live.run(DEPLOY, 'f', never, () => undefined)).toMatchObject({
      kind: 'failed',
      error: { code: 'INSTANCE_NOT_FOUND' },
    })
    await world.remove()
  })

  it('without an engine say so; a secret of an edit is in nothing that they tell', async () => {
    const { live, world, init } = await changer()
    await init()
    const edits = [{ path: ['cache', 'redis', 'password'], value: 'sesame-open-up' }]
    const planned = await live.plan({ kind: 'config', edits }, never)
    expect(planned).toMatchObject({ kind: 'refused', error: { code: 'ENGINE_UNREACHABLE' } })
    expect(JSON.stringify([planned, world.events])).not.toContain('sesame')
    await world.remove()
  })
})
