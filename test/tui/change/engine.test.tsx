import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { activityHistory } from '../../../src/core/actions/activity.ts'
import { SYSTEM_FRAMES } from '../../../src/ui/cli/progress/live-progress.ts'
import { PLAIN } from '../../../src/ui/cli/style.ts'
import { ChangePane, ChangeSession, liveChanger } from '../../../src/ui/tui/change/index.ts'
import { liveSource } from '../../../src/ui/tui/live-source.ts'
import { Tui } from '../../../src/ui/tui/Tui.tsx'
import { ddalab } from '../../cli/run-cli.ts'
import { lab, labImages } from '../../lab/lab.ts'
import { show } from '../../support/ink-harness.tsx'
import { freePort } from '../../support/ports.ts'
import { type TestWorld, testWorld } from '../../support/world.ts'
import { around } from '../support.ts'

const engine = lab.engines.at(-1)

describe.skipIf(engine === undefined)('changes from the dashboard, on a real engine', () => {
  const instance = `tui-${randomUUID().slice(0, 8)}`
  const target = { instance }
  let world: TestWorld

  const run = async (...words: readonly string[]) => {
    const env = { DDALAB_HOME: world.directory, DOCKER_HOST: engine?.host, DDALAB_INSTANCE: instance }
    const finished = await ddalab(words, { env })
    expect(finished.stderr + finished.stdout, words.join(' ')).not.toContain('✖')
  }

  beforeAll(async () => {
    world = await testWorld(engine?.host ?? '')
    const port = await freePort()
    const settings = [`docker.image=${labImages.busybox}`, `parameters.WEB_PORT=${port}`]
    await run('init', '--template', 'demo', ...settings.flatMap((setting) => ['--set', setting]))
  })
  afterAll(async () => {
    await run('destroy', '--volumes', '--confirm', instance)
    await world.remove()
  })

  function open() {
    const commandLine = (words: string) => `ddalab ${words} -i ${instance}`
    const now = () => new Date()
    const change = new ChangeSession(liveChanger(world, target, commandLine), SYSTEM_FRAMES)
    const tui = show(
      <Tui
        around={{ ...around, instance, commandLine, ownScreens: new Set(['change']) }}
        source={liveSource(world, target)}
        style={PLAIN}
        screens={{ change: (props) => <ChangePane {...props} session={change} commandLine={commandLine} now={now} /> }}
        change={change}
        now={now}
        onCopy={() => undefined}
        onOutside={async () => undefined}
        onSuspend={async () => undefined}
        onEnd={() => undefined}
      />,
      100,
      50,
    )
    onTestFinished(async () => {
      await change.close()
      tui.unmount()
    })
    return tui
  }

  it('deploy, restart, and a deploy that fails and is undone: each planned, agreed to, watched, told', async () => {
    const tui = open()
    await tui.sees('absent')
    tui.type('d')
    await tui.sees(`Plan to deploy ${instance}`)
    tui.type('\t\r')
    await tui.sees('Done after')
    await tui.sees('● web  running')

    tui.type('1')
    await tui.sees('[1 Overview]')
    tui.type('r')
    await tui.sees(`Plan to restart ${instance}: 1 change`)
    tui.type('\t\r')
    await tui.sees(`: ddalab restart web -i ${instance}`)
    await tui.sees('Done after')

    await run('config', 'set', 'docker.image=127.0.0.1:9/nothing-is-here:1')
    tui.type('d')
    await tui.sees('nothing-is-here:1: pull')
    await tui.sees('as the last time')
    tui.type('\t\r')
    await tui.sees('Failed after')
    const frame = tui.lines().join('\n')
    expect(frame).toContain('what was begun has been undone')
    expect(frame).toMatch(/↩ file .*docker-compose.yml/)
    expect(frame).toContain(`ddalab config restore 2 -i ${instance}`)

    const { activities } = await activityHistory(world, target)
    const runs = activities.flatMap((activity) => (activity.type === 'run' ? [activity] : []))
    expect(runs.map(({ command, result }) => [command, result])).toEqual([
      [`ddalab deploy -i ${instance}`, 'rolled-back'],
      [`ddalab restart web -i ${instance}`, 'committed'],
      [`ddalab deploy -i ${instance}`, 'committed'],
    ])
  })
})
