import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/core/config/index.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { answer, ddalab } from '../cli/run-cli.ts'
import { problemsOf } from './support.ts'

/** Stands wherever a document has room for a value; it must never come out again. */
const BAIT = 'hunter2-bait-Kq8'
const HEAD = `version: 3.0.0\ntemplate: demo\n`
const SECRET = `database: { password: ${BAIT} }\n`
/** More than this is no answer but an echo. */
const LONGEST_ANSWER = 100_000

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('')
const bomb = lines(40, (i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i}]\n`)

type Code = 'CONFIG_UNREADABLE' | 'CONFIG_INVALID' | 'CONFIG_TOO_NEW'

/** What is no config: how it is refused, and the line where (undefined: the file as a whole). */
const REFUSED: readonly (readonly [name: string, content: string | Uint8Array, code: Code, line?: number])[] = [
  ['nothing', '', 'CONFIG_INVALID', 1],
  ['one space', ' ', 'CONFIG_INVALID', 1],
  ['a picture', Buffer.from(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR${BAIT}`, 'latin1'), 'CONFIG_UNREADABLE'],
  [
    'random bytes',
    Buffer.from(
      lines(4000, (i) => String.fromCharCode((i * 7919) % 256)),
      'latin1',
    ),
    'CONFIG_UNREADABLE',
  ],
  ['a NUL in the middle', `${HEAD}${SECRET}api: {}\0`, 'CONFIG_UNREADABLE'],
  ['an escape sequence of terminals', `${HEAD}web: \x1b]0;${BAIT}\x07\n`, 'CONFIG_UNREADABLE'],
  ['UTF-16', Buffer.from(`\uFEFF${HEAD}${SECRET}`, 'utf16le'), 'CONFIG_UNREADABLE'],
  ['Latin-1', Buffer.from(`${HEAD}# Gr\xfc\xdfe\n`, 'latin1'), 'CONFIG_UNREADABLE'],
  ['10 MB of text', `${HEAD}${SECRET}${`# ${BAIT}\n`.repeat(550_000)}`, 'CONFIG_UNREADABLE'],
  ['10 MB of zeros', Buffer.alloc(10_000_000), 'CONFIG_UNREADABLE'],
  ['brackets 100,000 deep', `${HEAD}profiles: ${'['.repeat(100_000)}`, 'CONFIG_UNREADABLE'],
  ['braces 100,000 deep', `${HEAD}api: ${'{a: '.repeat(100_000)}`, 'CONFIG_UNREADABLE'],
  ['sections 1,000 deep', lines(1000, (i) => `${' '.repeat(i)}a:\n`), 'CONFIG_UNREADABLE'],
  ['an alias bomb', `a0: &a0 [${BAIT}]\n${bomb}${HEAD}`, 'CONFIG_UNREADABLE'],
  ['an alias into itself', `${HEAD}parameters: &p\n  A: *p\n`, 'CONFIG_UNREADABLE', 4],
  ['an alias of nothing', `${HEAD}database: { password: *${BAIT} }\n`, 'CONFIG_UNREADABLE', 3],
  ['a key twice', `${HEAD}database:\n  password: x\n  password: ${BAIT}\n`, 'CONFIG_UNREADABLE', 5],
  ['a section twice', `${HEAD}${SECRET}${SECRET}`, 'CONFIG_UNREADABLE', 4],
  ['tabs for spaces', `${HEAD}database:\n\tpassword: ${BAIT}\n`, 'CONFIG_UNREADABLE', 4],
  ['two documents', `${HEAD}---\n${SECRET}`, 'CONFIG_UNREADABLE', 3],
  ['a tag that makes objects', `${HEAD}database: { password: !!js/function "${BAIT}" }\n`, 'CONFIG_UNREADABLE', 3],
  ['a quote that does not end', `${HEAD}database: { password: "${BAIT} }\n`, 'CONFIG_UNREADABLE'],
  ['a merge key', `${HEAD}database:\n  <<: { password: ${BAIT} }\n`, 'CONFIG_INVALID', 4],
  ['__proto__', `${HEAD}__proto__: { polluted: ${BAIT} }\n`, 'CONFIG_UNREADABLE', 3],
  ['keys that look alike (Cyrillic а)', `${HEAD}\u0430pi: { port: 1 }\n`, 'CONFIG_INVALID', 3],
  ['keys in other letters', `${HEAD}データ: ${BAIT}\n`, 'CONFIG_INVALID', 3],
  ['keys that are right to left', `${HEAD}\u202Eipa: ${BAIT}\n`, 'CONFIG_INVALID', 3],
  ['booleans of YAML 1.1', `${HEAD}ssl: { enabled: yes }\n`, 'CONFIG_INVALID', 3],
  ['a secret that YAML takes for a number', `${HEAD}database: { password: 0644 }\n`, 'CONFIG_INVALID', 3],
  ['a port in base 60', `${HEAD}api: { port: 12:30 }\n`, 'CONFIG_INVALID', 3],
  ['a port that is too large', `${HEAD}api: { port: 1e309 }\n`, 'CONFIG_INVALID', 3],
  ['no number', `${HEAD}api: { port: .nan }\n`, 'CONFIG_INVALID', 3],
  ['100,000 keys', `${HEAD}${lines(90_000, (i) => `k${i}:\n`)}`, 'CONFIG_INVALID'],
  ['20,000 wrong values', `${HEAD}parameters:\n${lines(20_000, (i) => `  k${i}: [${BAIT}]\n`)}`, 'CONFIG_INVALID', 4],
  ['a key of 100,000 letters', `${HEAD}${'k'.repeat(100_000)}: ${BAIT}\n`, 'CONFIG_UNREADABLE'],
  ['a list for a secret', `${HEAD}database: { password: [${BAIT}] }\n`, 'CONFIG_INVALID', 3],
  ['a section for a secret', `${HEAD}database: { password: { ${BAIT}: 1 } }\n`, 'CONFIG_INVALID', 3],
  ['a version of tomorrow', `version: 99.0.0\n${SECRET}`, 'CONFIG_TOO_NEW', 1],
  ['a version that is a number', 'version: 3.0\n', 'CONFIG_INVALID', 1],
]

/** What looks strange and is a config all the same. */
const ACCEPTED: readonly (readonly [name: string, content: string | Uint8Array, port: number])[] = [
  ['CRLF', `${HEAD}api: { port: 8002 }\n`.replaceAll('\n', '\r\n'), 8002],
  ['a byte-order mark', `\uFEFF${HEAD}api: { port: 8002 }\n`, 8002],
  ['no end of line at the end', `${HEAD}api: { port: 8002 }`, 8002],
  [
    'an anchor and an alias',
    `${HEAD}api: &a { port: 8002 }\nweb: { port: 3000 }\nparameters: { A: &x 1, B: *x }\n`,
    8002,
  ],
  ['an octal of YAML 1.1, which is decimal in 1.2', `${HEAD}api: { port: 010 }\n`, 10],
  ['an octal of YAML 1.2', `${HEAD}api: { port: 0o21 }\n`, 17],
]

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ddalab-hostile-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function put(content: string | Uint8Array): Promise<string> {
  const file = join(directory, 'deployment-config.yml')
  await writeFile(file, content)
  return file
}

/** In little memory, and with a home of its own. */
const validate = (file: string) =>
  ddalab(['config', 'validate', '-f', file, '--offline', '--json'], {
    env: { DDALAB_HOME: directory, NODE_OPTIONS: '--max-old-space-size=256' },
  })

const refused = REFUSED.map(([name, content, code, line]) => ({ name, content, code, line }))

describe.each(refused)('$name', ({ content, code, line }) => {
  it('is refused by whoever reads it: where, and what to do', async () => {
    const file = await put(content)
    const error = await loadConfig(file).then(
      () => new Error('it was read'),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof DdalabError)) throw error
    expect(error.code).toBe(code)
    const problems = problemsOf(error)
    expect(problems.length).toBeLessThanOrEqual(100)
    for (const { place, hint, message } of problems) {
      expect(place?.file).toBe(file)
      expect(hint).toBeTruthy()
      expect(message).toBeTruthy()
    }
    if (line !== undefined) expect(problems.map(({ place }) => place?.line)).toContain(line)
    const told = JSON.stringify(error.toData())
    expect(told).not.toContain(BAIT)
    expect(told.length).toBeLessThan(LONGEST_ANSWER)
    // What turns the direction of a line never reaches the one who reads it.
    expect(told).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
  })

  it('is told by config validate: not valid, exit code 2, never with a value', async () => {
    const file = await put(content)
    const finished = await validate(file)
    expect(finished).toMatchObject({ code: 2, stderr: '' })
    expect(finished.stdout).not.toContain(BAIT)
    expect(finished.stdout.length).toBeLessThan(LONGEST_ANSWER)
    const place = { file, ...(line !== undefined && { line }) }
    expect(answer(finished)).toMatchObject({
      ok: true,
      data: {
        valid: false,
        findings: expect.arrayContaining([
          expect.objectContaining({
            severity: 'error',
            hint: expect.stringMatching(/./),
            place: expect.objectContaining(place),
          }),
        ]),
      },
    })
  })
})

describe.each(ACCEPTED)('%s', (_name, content, port) => {
  it('is read as what it says', async () => {
    const file = await put(content)
    expect((await loadConfig(file)).document.config.api?.port).toBe(port)
    expect(await validate(file)).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('what programs that read YAML 1.1 take for something else', () => {
  it('is read by our rules, and told', async () => {
    const file = await put(`${HEAD}api: { port: 010 }\nparameters: { A: yes, B: "yes", C: 0o10, D: 10, E: Norway }\n`)
    const told = (line: number, path: string) =>
      expect.objectContaining({ rule: 'yaml-ambiguous', path, place: expect.objectContaining({ line }) })
    const finished = await validate(file)
    expect(answer(finished)).toMatchObject({
      data: { findings: expect.arrayContaining([told(3, 'api.port'), told(4, 'parameters.A')]) },
    })
    expect(finished.stdout.match(/yaml-ambiguous/g)).toHaveLength(2)
  })
})
