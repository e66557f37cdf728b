import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { Mouse, mouseReader, tapped } from '../../src/ui/tui/mouse/index.ts'
import { reduce } from '../../src/ui/tui/reducer.ts'
import { frameOf } from '../../src/ui/tui/view/frame.ts'
import { hasTmux } from '../support/tmux.ts'
import { around, given, seen, typed } from './support.ts'
import { dashboardWithoutEngine } from './window.ts'

const click = (x: number, y: number) => `\u001B[<0;${x + 1};${y + 1}M`

describe('what a terminal sends of a mouse', () => {
  it('clicks of the left button and turns of the wheel are told; releases, moves and other buttons are not', () => {
    const read = mouseReader()
    expect(read(`${click(9, 3)}\u001B[<0;10;4m`)).toEqual([{ kind: 'click', x: 9, y: 3 }])
    expect(read('\u001B[<64;1;1M\u001B[<65;1;1M')).toEqual([
      { kind: 'wheel', steps: -1 },
      { kind: 'wheel', steps: 1 },
    ])
    expect(read('\u001B[<2;1;1M\u001B[<32;1;1M\u001B[<66;1;1M')).toEqual([])
  })

  it('however it is cut into pieces, among whatever else is typed', () => {
    const whole = `ab${click(100, 20)}c\u001B[A${click(0, 0)}`
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const read = mouseReader()
      expect([...read(whole.slice(0, cut)), ...read(whole.slice(cut))]).toEqual([
        { kind: 'click', x: 100, y: 20 },
        { kind: 'click', x: 0, y: 0 },
      ])
    }
  })
})

describe('the mouse of the terminal', () => {
  it('is off until it is wanted, and off again whenever somebody else has the terminal', async () => {
    const written: string[] = []
    const mouse = new Mouse((sequence) => written.push(sequence))
    const isOn = () => written.join('').lastIndexOf('h') > written.join('').lastIndexOf('l')
    mouse.want(false)
    expect(written).toEqual([])
    mouse.want(true)
    expect(isOn()).toBe(true)
    await mouse.without(async () => expect(isOn()).toBe(false))
    expect(isOn()).toBe(true)
    await expect(mouse.without(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect(isOn()).toBe(true)
    await mouse.without(async () => mouse.want(false))
    expect(isOn()).toBe(false)
  })

  it('of the keyboard only what is read by us is seen, and nothing is taken from it', () => {
    const chunks: string[] = []
    const keyboard = new PassThrough({ encoding: 'utf8' })
    const tap = tapped(keyboard, (chunk) => chunks.push(chunk))
    keyboard.write('ab')
    expect(chunks).toEqual([])
    expect(tap.read()).toBe('ab')
    expect(chunks).toEqual(['ab'])
    tap.once('readable', () => undefined)
    expect(keyboard.listenerCount('readable')).toBe(1)
  })
})

describe('a click', () => {
  const state = given(seen())
  const frame = frameOf(state, around, { columns: 80, rows: 24 }, PLAIN)
  const find = (text: string): readonly [number, number] => {
    const lines = [...frame.head, ...frame.body]
    const y = lines.findIndex((line) => line.includes(text))
    return [lines[y]?.indexOf(text) ?? -1, y]
  }

  it('on a tab goes to its screen, on a service selects it, elsewhere does nothing', () => {
    expect(frame.hitAt(...find('5 Config'))).toEqual({ kind: 'screen', id: 'config' })
    expect(frame.hitAt(...find('postgres'))).toEqual({ kind: 'service', name: 'postgres' })
    expect(frame.hitAt(0, 0)).toBeUndefined()
    expect(frame.hitAt(500, 500)).toBeUndefined()
    const clicked = reduce(state, { type: 'clicked', on: { kind: 'service', name: 'postgres' } }, around)
    expect(clicked.selected).toBe('postgres')
    expect(reduce(state, { type: 'clicked', on: { kind: 'screen', id: 'logs' } }, around).screen).toBe('logs')
  })

  it('does nothing below what lies over the screen', () => {
    const helped = given(seen(), ...typed('?'))
    expect(reduce(helped, { type: 'clicked', on: { kind: 'screen', id: 'logs' } }, around)).toBe(helped)
  })

  it('M turns the mouse on and off, and says what that means', () => {
    const on = given(seen(), ...typed('M'))
    expect(on).toMatchObject({ hasMouse: true, notice: expect.stringContaining('Shift') })
    expect(given(seen(), ...typed('MM')).hasMouse).toBe(false)
  })
})

describe.runIf(hasTmux)('on a real terminal', () => {
  it('it is off at first, on after M, and off again when the dashboard is left', async () => {
    const window = await dashboardWithoutEngine('lab')
    await window.sees('No Docker engine answers')
    expect(await window.fact('mouse_any_flag')).toBe('0')
    await window.press('M')
    await window.sees('The mouse selects')
    await expect.poll(() => window.fact('mouse_sgr_flag')).toBe('1')
    await window.press('q')
    await window.sees('left with 0')
    expect(await window.fact('mouse_any_flag')).toBe('0')
  })
})
