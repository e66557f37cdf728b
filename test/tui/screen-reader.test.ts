import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import type { Event } from '../../src/ui/tui/reducer.ts'
import { spoken, tell } from '../../src/ui/tui/screen-reader/tell.ts'
import { ToldScreen } from '../../src/ui/tui/screen-reader/told-screen.ts'
import { frameOf } from '../../src/ui/tui/view/frame.ts'
import { around, figures, given, seen, service, typed, updated } from './support.ts'

const LINEAR = { ...PLAIN, unicode: false, isLinear: true }
const stats = (cpu: number) => updated({ type: 'stats', stats: [figures('api', cpu, 4e8 + cpu)] })
const frame = (...events: readonly Event[]) => {
  const { head, body, foot } = frameOf(given(...events), around, { columns: 100, rows: 60 }, LINEAR)
  return [...head, ...body, ...foot].join('\n')
}

describe('for a screen reader', () => {
  it('everything is below each other, without frames and bars', () => {
    const lines = spoken(frame(seen(), stats(3)))
    expect(lines.join('\n')).not.toMatch(/[│┌└─▁█|]/)
    expect(lines).toContain('Services')
    expect(lines.some((line) => line.startsWith('>* api running healthy'))).toBe(true)
  })

  it('figures that tick are not told, a state that changes is', () => {
    const before = spoken(frame(seen(), stats(3)))
    expect(tell(before, spoken(frame(seen(), stats(3), stats(88))), false)).toEqual([])
    const services = [service('api', { state: 'unhealthy', health: 'unhealthy' })]
    const after = spoken(frame(seen(), stats(3), seen({ state: 'unhealthy', services }), stats(4)))
    const said = tell(before, after, false)
    expect(said.some((line) => line.includes('unhealthy'))).toBe(true)
    expect(said.some((line) => line.includes('Services'))).toBe(false)
  })

  it('the line that the cursor has come to is told, not the one that it has left', () => {
    const said = tell(spoken(frame(seen())), spoken(frame(seen(), ...typed('j'))), true)
    expect(said.filter((line) => line.includes(' api '))).toEqual([])
    expect(said[0]).toMatch(/^>~ grafana starting/)
  })

  it('nothing is ever erased or moved: changes are lines that are added', () => {
    const written: string[] = []
    let clock = 0
    const screen = new ToldScreen({ write: (text) => written.push(text), now: () => clock })
    const draw = (text: string) => void screen.write(text)
    draw('\u001B[?25l')
    draw('one\ncpu 3%')
    clock = 5_000
    draw('one\ncpu 4%')
    screen.pressed()
    draw('one\ncpu 5%\n\u001B[31mtwo\u001B[39m')
    expect(written).toEqual(['one\r\ncpu 3%\r\n', 'cpu 5%\r\ntwo\r\n'])
  })

  it('the lines of a log are told as they are, also when they differ in a number alone', () => {
    const written: string[] = []
    const screen = new ToldScreen({ write: (text) => written.push(text), now: () => 0 })
    screen.show('logs')
    screen.write('GET /jobs 200 12ms')
    screen.write('GET /jobs 200 13ms')
    expect(written.join('')).toBe('GET /jobs 200 12ms\r\nGET /jobs 200 13ms\r\n')
  })
})
