import { describe, expect, it } from 'vitest'
import { type Candidate, chooseOffer, isIrreversible } from '../../src/core/release/channel/offer.ts'

const release = (version: string, facts: Partial<Candidate> = {}): Candidate => ({
  tag: version,
  version,
  variant: '',
  notes: null,
  mandatory: false,
  irreversible: false,
  minimumConfig: null,
  ...facts,
})
const current = { version: '1.0.0', variant: '' }
const knowsConfig = (version: string) => version <= '3.0.0'
const choose = (candidates: readonly Candidate[], named?: string) =>
  chooseOffer(candidates, { channel: 'stable', current, knowsConfig, named })

describe('the release that is offered', () => {
  it('is the newest one', () => {
    const { offer, newer } = choose([release('1.1.0'), release('1.3.0'), release('0.9.0'), release('1.2.0')])
    expect(offer?.version).toBe('1.3.0')
    expect(newer.map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0'])
  })

  it('is nothing when nothing is newer', () => {
    expect(choose([release('1.0.0'), release('0.9.0'), release('1.1.0-rc.1')])).toEqual({ offer: null, newer: [] })
  })

  it('is the next mandatory one, however much is newer', () => {
    const all = [
      release('1.1.0'),
      release('1.2.0', { mandatory: true }),
      release('1.3.0', { mandatory: true }),
      release('1.4.0'),
    ]
    expect(choose(all).offer?.version).toBe('1.2.0')
    expect(choose(all, '1.2.0').offer?.version).toBe('1.2.0')
    expect(choose(all, '1.1.0').offer?.version).toBe('1.1.0')
    expect(() => choose(all, '1.4.0')).toThrow(expect.objectContaining({ code: 'UPDATE_OUT_OF_ORDER', exit: 4 }))
  })

  it('is one that this program can install', () => {
    const all = [release('1.1.0', { minimumConfig: '3.0.0' }), release('1.2.0', { minimumConfig: '4.0.0' })]
    expect(choose(all)).toMatchObject({
      offer: { version: '1.1.0' },
      newer: [{ version: '1.2.0' }, { version: '1.1.0' }],
    })
    expect(() => choose(all, '1.2.0')).toThrow(expect.objectContaining({ code: 'PROGRAM_TOO_OLD', exit: 4 }))
    const blocked = [release('1.1.0', { minimumConfig: '4.0.0', mandatory: true }), release('1.2.0')]
    expect(choose(blocked).offer).toBeNull()
  })

  it('is nothing where nobody knows what runs, unless somebody names it', () => {
    const unknown = { channel: 'stable' as const, current: undefined, knowsConfig }
    expect(chooseOffer([release('1.1.0')], unknown)).toMatchObject({ offer: null, newer: [{ version: '1.1.0' }] })
    expect(chooseOffer([release('1.1.0')], { ...unknown, named: '1.1.0' }).offer?.version).toBe('1.1.0')
  })

  it('is irreversible when anything on the way is', () => {
    const newer = [release('1.3.0'), release('1.2.0', { irreversible: true }), release('1.1.0')]
    const way = { newer, channel: 'stable' as const }
    expect(newer.map((offer) => isIrreversible(offer, way))).toEqual([true, true, false])
  })
})
