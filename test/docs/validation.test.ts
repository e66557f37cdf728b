import { expect, it } from 'vitest'
import { ALL_RULES } from '../../src/core/actions/config/validate.ts'
import { CONFIG_RULES } from '../../src/core/config/index.ts'
import { inlineCode, read, tableRows } from './documents.ts'

const document = read('docs/validation.md')

it('docs/validation.md has every rule with its severity and what it finds, and no other', () => {
  const rows = tableRows(document.text).map(([rule = '', severity, about]) => [
    rule.replaceAll('`', ''),
    severity,
    about,
  ])
  const rules = ALL_RULES.map(({ id, severity, about }) => [id, severity, about])
  expect(rows.toSorted()).toEqual(rules.toSorted())
})

it('docs/validation.md names the rules that hold at every reading', () => {
  const [introduction = ''] = document.text.split('\n## ')
  const named = inlineCode({ ...document, text: introduction }).filter((code) => /^[a-z]+(?:-[a-z]+)+$/.test(code))
  const onRead = CONFIG_RULES.filter((rule) => rule.onRead === true).map(({ id }) => id)
  expect(named.toSorted()).toEqual(onRead.toSorted())
})
