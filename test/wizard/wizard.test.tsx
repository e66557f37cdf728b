import stringWidth from 'string-width'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Answers } from '../../src/core/config/index.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import type { Instruments } from '../../src/ui/wizard/look.ts'
import type { State } from '../../src/ui/wizard/state.ts'
import { Wizard } from '../../src/ui/wizard/Wizard.tsx'
import { type Shown, show } from '../support/ink-harness.tsx'
import { catalogue, noPlan, quietInstruments } from './support.ts'

const ENTER = '\r'
const ESCAPE = '\u001B'
const PAGE_DOWN = '\u001B[6~'
const pasted = (text: string) => `\u001B[200~${text}\u001B[201~`

interface Opened extends Shown {
  readonly ended: Promise<State>
  readonly previewed: readonly Answers[]
}

function open(columns = 80, rows = 24, instruments: Partial<Instruments> = {}): Opened {
  const previewed: Answers[] = []
  const { promise, resolve } = Promise.withResolvers<State>()
  const shown = show(
    <Wizard
      catalogue={catalogue}
      instruments={{ ...quietInstruments, ...instruments }}
      style={PLAIN}
      preview={async (answers) => {
        previewed.push(answers)
        return { kind: 'made', result: noPlan }
      }}
      onEnd={resolve}
    />,
    columns,
    rows,
  )
  onTestFinished(shown.unmount)
  return { ...shown, ended: promise, previewed }
}

/** Goes through the steps until the title is seen. */
async function goTo(wizard: Shown, title: string): Promise<void> {
  const steps = ['Template', 'Environment', 'DDALAB', 'Domain and TLS', 'Data directory', 'Ports', 'Authentication']
  const all = [...steps, 'Resources', 'Monitoring', 'Updates', 'Summary']
  for (const step of all.slice(0, all.indexOf(title))) {
    await wizard.sees(`\n ${step}`)
    wizard.type(PAGE_DOWN)
  }
  await wizard.sees(`\n ${title}`)
}

describe('the wizard', () => {
  it('takes keys that arrive joined one by one, and Enter among them', async () => {
    const wizard = open()
    await goTo(wizard, 'Domain and TLS')
    wizard.type('lab.example.org\r')
    await wizard.sees('Where the certificate comes from.')
    expect(wizard.lines().join('\n')).toContain('lab.example.org')
  })

  it('takes several pasted lines as one, also non-ASCII ones, and a password as it is', async () => {
    const wizard = open()
    await goTo(wizard, 'Authentication')
    wizard.type('l\u001B[B')
    await wizard.sees('Bind DN')
    wizard.type(ENTER)
    wizard.type(pasted('ldaps://ldap.example.org\n'))
    wizard.type(ENTER)
    wizard.type(pasted('cn=Größe 実験,\n  dc=example'))
    await wizard.sees('cn=Größe 実験, dc=example')
    wizard.type(ENTER)
    wizard.type(pasted(' p"$1 é\n'))
    await wizard.sees('••••••')
    expect(wizard.raw()).not.toContain('p"$1')
    wizard.type(`${ENTER}ou=people${PAGE_DOWN}`)
    await goOn(wizard, 'Resources')
    wizard.type(ENTER)
    const { lines } = await wizard.ended
    expect(lines['ddalab auth.ldap.bindPassword']?.text).toBe(' p"$1 é')
  })

  it('shows who holds a port, and takes the one that is offered', async () => {
    const wizard = open(100, 24, {
      portHolder: async (port) => (port === 80 ? 'container web-1 of project shop' : undefined),
    })
    await goTo(wizard, 'Ports')
    await wizard.sees('Port 80 is held by container web-1 of project shop.')
    await wizard.sees('Ctrl-N takes 8080.')
    wizard.type('\u000E')
    await wizard.sees('Port 8080 is free.')
  })

  it('keeps what was found out about the text that is there, whatever comes late about a former one', async () => {
    const asked = Promise.withResolvers<void>()
    const late = Promise.withResolvers<string>()
    const portHolder = async (port: number) => {
      if (port !== 8) return undefined
      asked.resolve()
      return late.promise
    }
    const wizard = open(100, 24, { portHolder })
    await goTo(wizard, 'Ports')
    wizard.type('8')
    await asked.promise
    wizard.type('1')
    await wizard.sees('Port 81 is free.')
    late.resolve('container web-1 of project shop')
    await late.promise
    wizard.resize(60, 24)
    await expect.poll(() => Math.max(...wizard.lines().map((line) => line.length))).toBeLessThan(60)
    expect(wizard.lines().join('\n')).toContain('Port 81 is free.')
  })

  it('makes the plan of the answers as they are, anew when they change', async () => {
    const wizard = open(80, 50)
    await goTo(wizard, 'Summary')
    await wizard.sees('A deploy makes 0 changes')
    expect(wizard.previewed).toEqual([{}])
    wizard.type('\u001B[H\u001B[B\r')
    await wizard.sees('for real data and real users')
    wizard.type('\u001B[B\r')
    await wizard.sees('* staging')
    expect(wizard.previewed.at(-1)).toEqual({ environment: 'staging' })
  })

  it('goes back with Esc and keeps what was typed', async () => {
    const wizard = open()
    await goTo(wizard, 'Domain and TLS')
    wizard.type('lab.example.org')
    await wizard.sees('lab.example.org')
    wizard.type(ESCAPE)
    await wizard.sees('\n DDALAB')
    wizard.type(PAGE_DOWN)
    await wizard.sees('lab.example.org')
  })

  it('ends at Ctrl-C', async () => {
    const wizard = open()
    await wizard.sees('What is deployed.')
    wizard.type('\u0003')
    expect((await wizard.ended).ending).toBe('interrupted')
  })
})

describe('the screen', () => {
  it.each([
    [80, 24],
    [60, 20],
    [130, 40],
    [30, 10],
    [20, 5],
    [9, 2],
  ])('of %i columns and %i rows holds what is asked, and no more than fits', async (columns, rows) => {
    const wizard = open(80, 24)
    await goTo(wizard, 'Authentication')
    wizard.type('l\u001B[B')
    await wizard.sees('Bind DN')
    wizard.resize(columns, rows)
    await wizard.sees(columns > 20 ? 'Accounts' : 'Acc')
    await expect.poll(() => wizard.lines().length).toBeLessThan(Math.max(rows, 2))
    for (const line of wizard.lines()) expect(stringWidth(line)).toBeLessThan(columns)
    wizard.resize(80, 24)
    await wizard.sees('Group base')
  })

  it('has no colours where none are wanted', async () => {
    const wizard = open()
    await goTo(wizard, 'Summary')
    expect(wizard.raw()).not.toMatch(/\u001B\[\d*m/)
  })

  it('stands the plan beside the answers where there is room', async () => {
    const wizard = open(140, 40)
    await goTo(wizard, 'Summary')
    await wizard.sees('A deploy makes')
    expect(wizard.lines().find((line) => line.includes('A deploy makes'))).toContain('Template')
  })
})

async function goOn(wizard: Shown, from: string): Promise<void> {
  const steps = ['Resources', 'Monitoring', 'Updates']
  for (const step of steps.slice(steps.indexOf(from))) {
    await wizard.sees(`\n ${step}`)
    wizard.type(PAGE_DOWN)
  }
  await wizard.sees('\n Summary')
}
