import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { diffConfigs } from '../../src/core/config/diff/index.ts'
import { getPath, setPath } from '../../src/core/config/index.ts'
import type { Path } from '../../src/core/config/path.ts'
import { isSecretPath } from '../../src/core/config/secret-path.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { configDiffData, renderConfigDiff } from '../../src/ui/cli/views/config-diff.ts'
import { anyConfig } from './support.ts'

const isSecret = (path: Path) => isSecretPath(path, [])
const diff = (before: string, after: string) =>
  diffConfigs({ name: '#1', text: before }, { name: 'config.yml', text: after }, isSecret)
const shown = (before: string, after: string) => renderConfigDiff(diff(before, after), PLAIN)
const encrypted = (data: string) => `ENC[AES256_GCM,data:${data},iv:aaaa,tag:bbbb,type:str]`

describe('the difference of two configs', () => {
  const before = `# ours
version: 3.0.0
api:
  host: 0.0.0.0
  port: 8001 # the port
database:
  user: lab
  password: "hunter2-old"
docker:
  profiles: [a, b]
`
  const after = before
    .replace('8001', '8002')
    .replace('hunter2-old', 'hunter2-new')
    .replace('[a, b]', '[a, c]')
    .replace('# ours', '# of the lab')
    .concat('ui:\n  theme: dark\n')

  it('is told by lines, with context, comments, and secrets masked', () => {
    expect(shown(before, after)).toMatchInlineSnapshot(`
      "--- #1
      +++ config.yml
      @@ -1,10 +1,12 @@
      -# ours
      +# of the lab
       version: 3.0.0
       api:
         host: 0.0.0.0
      -  port: 8001 # the port
      +  port: 8002 # the port
       database:
         user: lab
      -  password: (secret)
      +  password: (secret, changed)
       docker:
      -  profiles: [a, b]
      +  profiles: [a, c]
      +ui:
      +  theme: dark"
    `)
  })

  it('is told by settings, for programs, without the values of secrets', () => {
    expect(diff(before, after).changes).toEqual([
      { path: 'api.port', kind: 'changed', secret: false, from: 8001, to: 8002 },
      { path: 'database.password', kind: 'changed', secret: true },
      { path: 'docker.profiles', kind: 'changed', secret: false, from: ['a', 'b'], to: ['a', 'c'] },
      { path: 'ui.theme', kind: 'added', secret: false, to: 'dark' },
    ])
    expect(diff(after, before).changes.at(-1)).toEqual({
      path: 'ui.theme',
      kind: 'removed',
      secret: false,
      from: 'dark',
    })
  })

  it('is nothing when the texts are the same', () => {
    expect(shown(before, before)).toBe('No difference between #1 and config.yml.')
    expect(diff(before, before)).toMatchObject({ same: true, lines: [], changes: [], encryption: null })
  })

  it('has colours: green what came, red what went, quiet the rest; none without them', () => {
    const coloured = renderConfigDiff(diff(before, after), { ...PLAIN, colour: true })
    expect(coloured).toContain('\u001b[32m+  port: 8002 # the port\u001b[39m')
    expect(coloured).toContain('\u001b[31m-  port: 8001 # the port\u001b[39m')
    expect(coloured).toMatch(/\u001b\[2m@@ -1,/)
    expect(shown(before, after)).not.toContain('\u001b')
  })

  it('tells of line ends in one line, not in every line', () => {
    expect(shown(before, before.replaceAll('\n', '\r\n'))).toBe(
      '--- #1\n+++ config.yml\n→ Line ends: LF before, CRLF now',
    )
  })

  it('says when the last line lost its end', () => {
    expect(shown('a: 1\n', 'a: 1')).toContain('\\ No newline at end of file')
  })

  it('of texts that have nothing in common comes to an end', () => {
    const long = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word}${index}: ${index}\n`).join('')
    expect(diff(long('a'), long('b')).lines).toHaveLength(40_000)
  })
})

describe('a secret in a difference', () => {
  it('of many lines keeps the numbers of the lines below it right', () => {
    const key = (word: string) => `ssl:\n  key: 1\nsecretVariables:\n  KEY: |\n    ${word}1\n    ${word}2\nport: `
    const text = shown(`${key('first')}1\n`, `${key('other')}2\n`)
    expect(text).not.toMatch(/first|other/)
    expect(text).toContain('@@ -1,7 +1,7 @@')
    expect(text).toContain('+  KEY: (secret, changed)')
  })

  it('is masked wherever else it stands: comments, other settings, sections below it that should not be there', () => {
    const text = (secret: string) => `# was ${secret}
x: &anchor {password: "${secret}"}
note: uses ${secret} too
database:
  password: ${secret}
auth: *anchor
secretVariables:
  A: [${secret}]
  B: {deep: {er: "${secret}"}}
`
    const both = diff(text('hunter2-a'), text('hunter2-b'))
    expect(JSON.stringify(both)).not.toContain('hunter2')
    expect(both.changes.every(({ secret }) => secret)).toBe(true)
    expect(renderConfigDiff(both, PLAIN)).toContain(' note: uses (secret) too')
  })

  it('is not shown in a line that somebody took out with a #', () => {
    const text = shown('a: 1\n', 'a: 2\n#  password: hunter2\n  # api-token = "hunter3"\n')
    expect(text).not.toMatch(/hunter/)
    expect(text).toContain('+#  password: (secret)')
  })

  it('that came or went is masked', () => {
    expect(shown('a: 1\n', 'a: 1\ndatabase:\n  password: hunter2\n')).toContain('+  password: (secret)')
    expect(shown('a: 1\ndatabase:\n  password: hunter2\n', 'a: 1\n')).toContain('-  password: (secret)')
  })

  it('is not shown of a text that cannot be read: of that only lines are shown that the other one has', () => {
    const good = 'version: 3.0.0\napi:\n  port: 1\ndatabase:\n  password: hunter2-old\n'
    const broken = `${good.replace('port: 1', 'port: 2')}  password: hunter2-new\nlast: [\n`
    const text = shown(good, broken)
    expect(text).not.toContain('hunter2')
    expect(text).toContain('-  port: 1\n')
    expect(text).toContain('+(not shown: this text cannot be read)\n')
    expect(text).toContain('config.yml cannot be read as a config')
    expect(shown(broken, broken.replace('last', 'first'))).not.toMatch(/hunter2|port/)
    expect(shown(good, '\u0000binary')).not.toContain('binary')
  })

  it('never is in it, however it is written', () => {
    const SECRETS: readonly Path[] = [
      ['database', 'password'],
      ['secretVariables', 'TOKEN'],
      ['environments', 'staging', 'database', 'password'],
    ]
    const secret = fc.stringMatching(/^Zq[a-zA-Z0-9 #:'"\\\n-]{4,20}Zq$/)
    const style = fc.record({
      defaultStringType: fc.constantFrom(
        'PLAIN' as const,
        'QUOTE_SINGLE' as const,
        'QUOTE_DOUBLE' as const,
        'BLOCK_LITERAL' as const,
        'BLOCK_FOLDED' as const,
      ),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      lineWidth: fc.constantFrom(0, 20, 80),
    })
    let unreadable = 0
    const text = fc.tuple(anyConfig(), fc.array(secret, { minLength: 3, maxLength: 3 }), style)
    fc.assert(
      fc.property(text, text, (one, two) => {
        const written = [one, two].map(([config, values, options]) => {
          const data = SECRETS.reduce<unknown>((tree, path, index) => setPath(tree, path, values[index]), config)
          return stringify(data, options)
        })
        const [before = '', after = ''] = written
        const answer = diff(before, after)
        expect(JSON.stringify(answer)).not.toContain('Zq')
        const changed = answer.changes.some(({ path }) => path === 'database.password')
        // The library writes some texts that it cannot read; of these nothing is shown.
        expect(changed).toBe(answer.unreadable.length === 0 && one[1][0] !== two[1][0])
        unreadable += answer.unreadable.length
        expect(getPath(configDiffData(answer), ['lines'])).toBeUndefined()
      }),
    )
    expect(unreadable).toBeLessThan(100)
  })
})

describe('encryption in a difference', () => {
  const sops = (recipients: readonly string[], enc: string, mac = 'm') =>
    `sops:\n  age:\n${recipients.map((name) => `    - recipient: ${name}\n      enc: |\n        ${enc}-${name}\n`).join('')}  lastmodified: "2026-01-01T00:00:00Z"\n  mac: ${encrypted(mac)}\n`
  const text = (password: string, token: string, tail: string) =>
    `database:\n  password: ${password}\nsecretVariables:\n  TOKEN: ${token}\n${tail}`
  const [one, two, three, four] = ['MTEx', 'MjIy', 'MzMz', 'NDQ0'].map(encrypted)
  const before = text(one ?? '', two ?? '', sops(['age1a'], 'k1'))

  it('is not shown: neither values nor the section of sops, of which a new date and MAC are no news', () => {
    const answer = diff(before, text(one ?? '', three ?? '', sops(['age1a'], 'k1', 'other')))
    expect(answer.encryption).toBeNull()
    expect(answer.changes).toEqual([{ path: 'secretVariables.TOKEN', kind: 'changed', secret: true }])
    expect(renderConfigDiff(answer, PLAIN)).toMatchInlineSnapshot(`
      "--- #1
      +++ config.yml
      @@ -1,4 +1,4 @@
       database:
         password: (secret)
       secretVariables:
      -  TOKEN: (secret)
      +  TOKEN: (secret, changed)"
    `)
  })

  it('with another key is told once, not for each secret', () => {
    const answer = diff(before, text(three ?? '', four ?? '', sops(['age1a'], 'k2')))
    expect(answer).toMatchObject({ lines: [], changes: [], encryption: { encrypted: 'anew' } })
    expect(renderConfigDiff(answer, PLAIN)).toContain('Secrets: all encrypted anew')
  })

  it('for other recipients names them', () => {
    const answer = diff(before, text(one ?? '', two ?? '', sops(['age1b'], 'k1')))
    expect(answer.encryption).toEqual({ encrypted: null, recipientsAdded: ['age1b'], recipientsRemoved: ['age1a'] })
    expect(renderConfigDiff(answer, PLAIN)).toBe(
      '--- #1\n+++ config.yml\n→ Secrets: can now be read by age1b\n→ Secrets: can no longer be read by age1a',
    )
  })

  it('of what was in plain text, and the way back, is told', () => {
    const plain = text('hunter2-a', 'hunter2-b', '')
    expect(shown(plain, before)).toMatchInlineSnapshot(`
      "--- #1
      +++ config.yml
      @@ -1,4 +1,4 @@
       database:
      -  password: (secret)
      +  password: (secret, now encrypted)
       secretVariables:
      -  TOKEN: (secret)
      +  TOKEN: (secret, now encrypted)
      → Secrets: encrypted now
      → Secrets: can now be read by age1a"
    `)
    expect(shown(before, plain)).toContain('(secret, no longer encrypted)')
    expect(shown(plain, before)).not.toMatch(/hunter2|ENC|MTEx/)
  })

  it('of a document in flow style is left out as well', () => {
    const flow = (port: number) =>
      `{port: ${port}, database: {password: "${one}"}, sops: {age: [{recipient: age1a, enc: sealed-key}], mac: "${two}"}, end: 1}\n`
    expect(shown(flow(1), flow(2))).toContain('+{port: 2, database: {password: (secret)}, sops: (left out), end: 1}')
    expect(shown(flow(1), flow(2))).not.toContain('sealed-key')
  })
})
