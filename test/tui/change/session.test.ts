import { describe, expect, it } from 'vitest'
import type { FrameClock } from '../../../src/ui/cli/progress/live-progress.ts'
import { ChangeSession } from '../../../src/ui/tui/change/session.ts'
import { typed } from '../support.ts'
import { DEPLOY, DONE, FakeChanger, failed, PLAN, PULL, proposed, STARTED } from './support.ts'

const VIEW = { top: 0, reach: 0, rows: 10 }

/** A clock whose frames the test draws. */
class HandClock implements FrameClock {
  time = 0
  frames = new Set<() => void>()

  now = () => this.time
  every = (_ms: number, draw: () => void) => {
    this.frames.add(draw)
    return () => void this.frames.delete(draw)
  }
  draw(): void {
    for (const frame of this.frames) frame()
  }
}

function open() {
  const changer = new FakeChanger()
  const clock = new HandClock()
  const session = new ChangeSession(changer, clock)
  const type = (input: string) => {
    for (const press of typed(input)) if (press.type === 'key' || press.type === 'text') session.press(press, VIEW)
  }
  const until = (phase: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (session.phase() !== phase) return
        stop()
        resolve()
      }
      const stop = session.subscribe(look)
      look()
    })
  const agree = async () => {
    session.ask(DEPLOY)
    await until('planned')
    type('\t\r')
  }
  return { changer, clock, session, type, until, agree }
}

describe('a change', () => {
  it('is planned without a lease, and run with what was shown', async () => {
    const { changer, session, agree, until } = open()
    await agree()
    expect(changer.asked).toEqual(['plan deploy', 'run deploy f1'])
    changer.end(DONE)
    await until('ended')
    expect(session.last).toEqual(DONE)
  })

  it('rule 43: after a change of the system runs with the fingerprint of the new plan', async () => {
    const { changer, agree, until, type } = open()
    changer.plans.push(proposed(), proposed({ plan: { ...PLAN, fingerprint: 'f2' } }))
    await agree()
    changer.end(failed('PLAN_STALE', 'The system changed since the plan was made.'))
    await until('planned')
    type('\t\r')
    expect(changer.asked).toEqual(['plan deploy', 'run deploy f1', 'plan deploy', 'run deploy f2'])
  })

  it('is drawn once a frame, however much is told, and each second for the clock', async () => {
    const { changer, clock, session, agree } = open()
    await agree()
    let drawn = 0
    session.subscribe(() => {
      drawn += 1
    })
    changer.tell(STARTED)
    for (let current = 0; current < 1_000; current += 1)
      changer.tell({ type: 'operation.progress', operation: PULL.id, progress: { message: 'pulling', current } })
    expect(drawn).toBe(0)
    clock.draw()
    clock.draw()
    expect(drawn).toBe(1)
    clock.time += 1_000
    clock.draw()
    expect(drawn).toBe(2)
    changer.end(DONE)
    await session.settled()
    expect(clock.frames.size).toBe(0)
  })

  it('is aborted when it is cancelled, and the session waits for the undo when it is closed', async () => {
    const { changer, session, agree } = open()
    await agree()
    session.cancel()
    expect(changer.signal?.reason).toMatchObject({ code: 'INTERRUPTED' })
    const closed = session.close()
    changer.end(failed('INTERRUPTED', 'Cancelled; what was begun has been undone'))
    await closed
    expect(session.phase()).toBe('failed')
  })

  it('a plan that is asked for while another is made takes its place', async () => {
    const { changer, session, until } = open()
    session.ask({ kind: 'update' })
    session.ask(DEPLOY)
    await until('planned')
    expect(changer.asked).toEqual(['plan update', 'plan deploy'])
    expect(session.shown().state.stage).toMatchObject({ kind: 'planned', request: DEPLOY })
  })
})
