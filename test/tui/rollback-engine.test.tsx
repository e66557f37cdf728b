import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import type { ChangeRequest } from '../../src/ui/tui/change/request.ts'
import { EventsPane, EventsSession, livePast } from '../../src/ui/tui/events/index.ts'
import { liveSource } from '../../src/ui/tui/live-source.ts'
import { livePoints, RollbackPane, RollbackSession } from '../../src/ui/tui/rollback/index.ts'
import { Tui } from '../../src/ui/tui/Tui.tsx'
import { RollbackLab } from '../docker/rollback-lab.ts'
import { lab } from '../lab/lab.ts'
import { type Shown, show } from '../support/ink-harness.tsx'
import { around } from './support.ts'

/** Nobody listens there: whatever is pulled from it fails. */
const NOWHERE = '127.0.0.1:9'

const engine = lab.engines.at(-1)

describe.skipIf(engine === undefined)('rollback points and events, on a real engine', () => {
  let on: RollbackLab
  let images: readonly string[]

  beforeAll(async () => {
    on = await RollbackLab.on(engine?.host ?? '')
    const repository = `${NOWHERE}/${on.name}`
    images = [`${repository}:1`, `${repository}:2`, `${repository}:3`]
    for (const image of images) await on.build(image)
    await on.init(images[0] ?? '', 'one')
    await on.deploy()
    await on.deploy(images[1], 'two')
  })
  afterAll(() => on.remove())

  function open(): Shown & { readonly asked: readonly ChangeRequest[] } {
    const { world, target } = on
    const now = () => new Date()
    const points = new RollbackSession(livePoints(world, target))
    const events = new EventsSession(livePast(world, target), now)
    const asked: ChangeRequest[] = []
    const tui = show(
      <Tui
        around={{ ...around, instance: on.name, ownScreens: new Set(['rollback', 'events']) }}
        source={events.listening(liveSource(world, target))}
        style={PLAIN}
        screens={{
          rollback: (props) => <RollbackPane {...props} session={points} now={now} />,
          events: (props) => <EventsPane {...props} session={events} onCopy={() => undefined} />,
        }}
        change={{
          subscribe: () => () => undefined,
          phase: () => 'idle',
          ask: (request) => void asked.push(request),
          cancel: () => undefined,
        }}
        now={now}
        onCopy={() => undefined}
        onOutside={async () => undefined}
        onSuspend={async () => undefined}
        onEnd={() => undefined}
      />,
      120,
      40,
    )
    onTestFinished(() => {
      points.close()
      tui.unmount()
    })
    return { ...tui, asked }
  }

  const textOf = (tui: Shown) => tui.lines().join('\n')

  it('the points with the difference to now; Enter asks for the change; what is done elsewhere shows up', async () => {
    const tui = open()
    await tui.sees('healthy 1/1')
    tui.type('4')
    await tui.sees('Config    2 settings')
    const text = textOf(tui)
    expect(text).toMatch(/● r-0002 +2 .*● runs now/)
    expect(text).toMatch(/▸ {2}r-0001 +1 .*images\+config +✔ whole/)
    expect(text).toMatch(/Downtime {2}web about \d+ s: it is stopped before/)
    expect(text).toMatch(/Images {4}web 2 \([0-9a-f]{12}\) → 1 \([0-9a-f]{12}\)/)
    expect(text).toContain('-  image: 127.0.0.1:9')
    expect(text).toContain('+  TITLE: one')
    tui.type('D')
    await tui.sees('There is no backup of the data of r-0001.')
    tui.type('\r')
    await expect.poll(() => tui.asked).toEqual([{ kind: 'rollback', release: 'r-0001', restoreData: false }])

    await on.rollback()
    tui.type('6')
    await tui.sees('to r-0001 (1) as r-0003')
    expect(textOf(tui).match(/deploy +[12] as r-000[12] in/g)).toHaveLength(2)
    tui.type('4')
    await tui.sees('● r-0003')
    await tui.sees('Images    web 1')
  })

  it('rule 17: a point whose image is gone says so, with the way to have it again', async () => {
    await on.deploy(images[2], 'three')
    const tui = open()
    await tui.sees('healthy 1/1')
    tui.type('4')
    await tui.sees('Config    2 settings')
    const id = await on.idOf(images[1] ?? '')
    const keepers = await on.docker('ps', '--all', '--quiet', '--filter', `label=io.ddalab.keeps=${on.name}`)
    for (const keeper of keepers.split(/\s+/)) await on.docker('rm', '--force', keeper)
    await on.docker('rmi', '--force', id)
    tui.type('r')
    await tui.sees('✖ image gone: web')
    tui.type('j')
    await tui.sees('is no longer on this engine')
    expect(textOf(tui)).toContain('build or load it again')
    tui.type('\r')
    await expect.poll(() => tui.lines().at(-2)).toContain('of service "web" in r-0002 is no longer')
    expect(tui.asked).toEqual([])
  })
})
