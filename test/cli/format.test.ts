import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, parseDuration, plural } from '../../src/ui/cli/format.ts'

describe('amounts for people', () => {
  it('writes bytes as the Docker tools do, in powers of 1000', () => {
    expect([0, 999, 1000, 12_345_678, 999_960, 1.5e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '12.3 MB',
      '1.0 MB',
      '1.5 TB',
    ])
  })

  it('writes durations with two units at most', () => {
    expect([0, 400, 12_000, 59_600, 192_000, 7_500_000, 273_600_000].map(formatDuration)).toEqual([
      '0s',
      '0.4s',
      '12s',
      '1m',
      '3m 12s',
      '2h 5m',
      '3d 4h',
    ])
  })

  it('reads durations; a bare number is seconds; other text is none', () => {
    expect(['90', '90s', '5m', '1h30m', '500ms', '1.5s'].map(parseDuration)).toEqual([
      90_000, 90_000, 300_000, 5_400_000, 500, 1_500,
    ])
    expect(['', 'soon', '-5s', '5 m', 'm'].map(parseDuration)).toEqual(Array(5).fill(undefined))
  })

  it('counts', () => {
    expect([plural(0, 'change'), plural(1, 'change'), plural(2, 'change')]).toEqual([
      '0 changes',
      '1 change',
      '2 changes',
    ])
  })
})
