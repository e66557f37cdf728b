import { describe, expect, it } from 'vitest'
import {
  chooseRelease,
  irreversibleBetween,
  isSameState,
  type Release,
  rollbackPoints,
} from '../../src/core/release/index.ts'
import { selectPoints } from '../../src/core/release/points.ts'
import { errorOf } from '../support/errors.ts'

/** A release of this state; the same letter is the same state. */
function release(number: number, state: string, given: Partial<Release> = {}): Release {
  return {
    id: `r-000${number}`,
    version: `1.${number}.0`,
    deployedAt: '2026-01-01T00:00:00.000Z',
    deployedBy: 'ada',
    command: 'ddalab deploy',
    images: { web: { reference: 'app:1', imageId: `sha256:${state}` } },
    config: { sha256: state, history: number },
    stack: state,
    environment: 'production',
    ...given,
  }
}
const history = (states: string) => [...states].map((state, index) => release(index + 1, state))
const ids = (releases: readonly Release[]) => releases.map(({ id }) => id.slice(-1)).join('')

describe('which releases stay as rollback points', () => {
  it.each([
    ['none before the first deploy', '', 3, '', ''],
    ['none of a single release', 'A', 3, '', ''],
    ['the three before the current one', 'ABCDE', 3, '234', '1'],
    ['as many as the config says', 'ABCDE', 1, '4', '123'],
    ['a deploy that started what was stopped is no new state', 'ABBB', 3, '1', '23'],
    ['after a rollback what was left is a point, and the state that runs is none', 'ABA', 3, '2', '1'],
    ['a state that was recorded twice takes one place', 'ABABC', 3, '34', '12'],
  ])('%s', (_, states, keep, points, dropped) => {
    const selected = selectPoints(history(states), keep)
    expect({ points: ids(selected.points), dropped: ids(selected.dropped) }).toEqual({ points, dropped })
  })

  it('what was pruned does not come back when more are to be kept', () => {
    const [a, b, c, d] = history('ABCD')
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four')
    const releases = [{ ...a, rollbackPoint: false as const }, b, c, d]
    expect(ids(selectPoints(releases, 9).points)).toBe('23')
    expect(ids(rollbackPoints(releases))).toBe('23')
  })

  it('records of earlier programs, which do not tell their stack, are never taken for the same', () => {
    const { stack: _, ...old } = release(1, 'A')
    expect(isSameState(old, old)).toBe(false)
    expect(ids(selectPoints([old, { ...old, id: 'r-0002' }, release(3, 'A')], 3).points)).toBe('12')
  })
})

describe('the release that is meant', () => {
  const releases = history('ABCD')

  it('is the one before the current one when nobody says another', () => {
    expect(chooseRelease(releases, undefined).id).toBe('r-0003')
    expect(chooseRelease(history('ABA'), undefined).id).toBe('r-0002')
  })

  it('can be told by its id or its version', () => {
    expect(chooseRelease(releases, 'r-0002').id).toBe('r-0002')
    expect(chooseRelease(releases, '1.2.0').id).toBe('r-0002')
    expect(chooseRelease(releases, 'r-0004').id).toBe('r-0004')
  })

  it('of a version is the newest point that has it, and the current one only where no point has', () => {
    const same = history('ABC').map((one) => ({ ...one, version: 'latest' }))
    expect(chooseRelease(same, 'latest').id).toBe('r-0002')
    expect(chooseRelease(same.slice(-1), 'latest').id).toBe('r-0003')
  })

  it('is the newest of the same state when that one is no point any more', () => {
    const pruned = history('ABAC').map((one, index) => (index === 0 ? { ...one, rollbackPoint: false as const } : one))
    expect(chooseRelease(pruned, 'r-0001').id).toBe('r-0003')
  })

  it.each([
    ['r-0009', 'There is no release "r-0009".', /Rollback points: r-0003 \(1\.3\.0\), r-0002/],
    ['r-0001', 'Release r-0001 (1.1.0) is no rollback point any more.', /Rollback points: r-0003/],
  ])('%s: an error of its own with what there is', (word, message, hint) => {
    const pruned = releases.map((one, index) => (index === 0 ? { ...one, rollbackPoint: false as const } : one))
    const error = errorOf(() => chooseRelease(pruned, word))
    expect(error).toMatchObject({ code: 'ROLLBACK_POINT_NOT_FOUND', exit: 3, message })
    expect(error.options.hint).toMatch(hint)
  })

  it('there is none before the first', () => {
    expect(errorOf(() => chooseRelease([], undefined)).code).toBe('ROLLBACK_POINT_NOT_FOUND')
    expect(errorOf(() => chooseRelease(history('A'), undefined)).message).toMatch(/nothing to go back to/)
  })
})

describe('rule 12: what an irreversible release did to the data', () => {
  const [a, b, c, d] = [release(1, 'A'), release(2, 'B', { irreversible: true }), release(3, 'C'), release(4, 'D')]

  it('stands between what is before it and all that follows it', () => {
    expect(irreversibleBetween([a, b, c, d], a)?.id).toBe('r-0002')
    expect(irreversibleBetween([a, b, c, d], b)).toBeUndefined()
    expect(irreversibleBetween([a, b, c, d], c)).toBeUndefined()
  })

  it('is taken back by a rollback to before it, and done again by one to it', () => {
    const back = release(5, 'A', { action: 'rollback', of: 'r-0001' })
    expect(irreversibleBetween([a, b, c, d, back], d)).toBeUndefined()
    expect(irreversibleBetween([a, b, c, d, back], a)).toBeUndefined()
    const again = release(6, 'D', { action: 'rollback', of: 'r-0004' })
    expect(irreversibleBetween([a, b, c, d, back, again], back)?.id).toBe('r-0002')
  })
})
