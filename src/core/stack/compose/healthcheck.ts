import type { Healthcheck } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { readTexts } from './lists.ts'
import { readDuration } from './units.ts'

/** `healthcheck`; `disable: true` is the test `NONE`. */
export function readHealthcheck(cursor: Cursor): Healthcheck | undefined {
  if (!cursor.present) return undefined
  cursor.onlyKeys(['test', 'interval', 'timeout', 'retries', 'start_period', 'start_interval', 'disable'])
  if (cursor.get('disable').boolean()) return { test: ['NONE'] }
  const test = readTest(cursor.get('test'))
  const interval = readDuration(cursor.get('interval'))
  const timeout = readDuration(cursor.get('timeout'))
  const retries = cursor.get('retries').integer()
  const startPeriod = readDuration(cursor.get('start_period'))
  const startInterval = readDuration(cursor.get('start_interval'))
  return {
    ...(test !== undefined && { test }),
    ...(interval !== undefined && { interval }),
    ...(timeout !== undefined && { timeout }),
    ...(retries !== undefined && { retries }),
    ...(startPeriod !== undefined && { startPeriod }),
    ...(startInterval !== undefined && { startInterval }),
  }
}

function readTest(test: Cursor): readonly string[] | undefined {
  if (!test.present) return undefined
  if (!test.isList) {
    const line = test.text()
    return line === undefined ? undefined : ['CMD-SHELL', line]
  }
  const words = readTexts(test)
  if (['CMD', 'CMD-SHELL', 'NONE'].includes(words[0] ?? '')) return words
  return test.expected('a list that starts with CMD, CMD-SHELL or NONE')
}
