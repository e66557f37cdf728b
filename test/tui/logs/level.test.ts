import { describe, expect, test } from 'vitest'
import { timeOf } from '../../../src/ui/tui/logs/ingest.ts'
import { isContinuation, levelOf } from '../../../src/ui/tui/logs/level.ts'
import { logLine, Viewer } from './support.ts'

describe('the level of a line', () => {
  test.each([
    ['{"level":"warn","msg":"slow"}', 'warn'],
    ['{"time":1,"level":50,"msg":"pino"}', 'error'],
    ['{"t":{"$date":"2026-01-01"},"s":"W","c":"NETWORK"}', 'warn'],
    ['{"msg":"level: error","severity":"INFO"}', 'info'],
    ['ts=2026-01-01 level=error msg="no disk"', 'error'],
    ['time="x" level="warning" msg=y', 'warn'],
    ['2026/01/01 00:00:00 [error] 29#29: *1 open() failed', 'error'],
    ['[INFO] ready', 'info'],
    ['<debug> x', 'debug'],
    ['2026-01-01 00:00:00.000 UTC [1] FATAL:  the database system is starting up', 'fatal'],
    ['2026-01-01 LOG:  checkpoint complete', 'info'],
    ['  INFO 1 --- [main] Started', 'info'],
    ['E0101 00:00:00.000000 1 main.go:1] failed', 'error'],
    ['warning: deprecated', 'warn'],
    ['Traceback (most recent call last):', 'error'],
    ['GET /errors 200', undefined],
    ['no error was found', undefined],
    ['TERROR INFORMATIONAL', undefined],
    ['[constructor] x', undefined],
    ['', undefined],
  ])('%s', (line, level) => {
    expect(levelOf(line)).toBe(level)
  })

  test('a stack trace has the level of its error, a line after it none', () => {
    const viewer = new Viewer(60, 10).act({ type: 'level', level: 'error' })
    viewer.logs(
      logLine('ERROR boom', 0),
      logLine('INFO of another service', 1, 'web'),
      logLine('    at main (app.js:1)', 2),
      logLine('GET / 200', 3),
      logLine('    at nothing', 4),
    )
    expect(viewer.model.search.count('shown')).toBe(2)
    expect(isContinuation('Caused by: x')).toBe(true)
  })
})

test('timestamps keep their order below a millisecond', () => {
  const times = ['000000000', '000001000', '999000000', '999999000'].map((nanos) =>
    timeOf(`2026-01-01T00:00:00.${nanos}Z`),
  )
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(new Set(times).size).toBe(4)
  expect(timeOf('nonsense')).toBeNaN()
})
