import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeDollars, parseEnvFile, type Stack } from '../../src/core/stack/index.ts'
import { compileText, ddalabConfig, secrets } from './compiling.ts'
import { compose, composeConfig, composeText, environmentOf, withFiles } from './compose-oracle.ts'

type Texts = Readonly<Record<string, string | number | boolean>>

/** The DDALAB template with these variables of its user's own; JSON is YAML. */
const withVariables = (variables: Texts, secretVariables: Texts = {}, lines = '') =>
  compileText(
    ddalabConfig(
      `variables: ${JSON.stringify(variables)}\nsecretVariables: ${JSON.stringify(secretVariables)}\n${lines}`,
    ),
  )

const environment = ({ services }: Stack) => services.ddalab?.environment ?? {}

function fileOf(stack: Stack, path: string): string {
  const file = stack.files.find((one) => one.path === path)
  if (file === undefined) throw new Error(`no file ${path}`)
  return file.content
}

const envOf = (stack: Stack) => Object.fromEntries(parseEnvFile(fileOf(stack, '.env'), { file: '.env' }))

/** What the real Compose takes the two files that a deploy writes for. */
const composeTakes = (stack: Stack, ...words: readonly string[]) =>
  withFiles(
    { 'docker-compose.yml': fileOf(stack, 'docker-compose.yml'), '.env': fileOf(stack, '.env') },
    (directory) => (words.length === 0 ? JSON.stringify(composeConfig(directory)) : composeText(directory, ...words)),
  )

/** Names as in the test's table, texts as a user writes them, and what they mean. */
const cases: readonly (readonly [name: string, text: string | number | boolean, meaning: string])[] = [
  ['PLAIN', 'plain', 'plain'],
  ['NUMBER', 7, '7'],
  ['FLAG', true, 'true'],
  ['EMPTY', '', ''],
  ['PARAMETER', '${DDALAB_API_PORT:-1}', '8001'],
  ['SHORT', '$DDALAB_DB_NAME/$DDALAB_DB_USER', 'ddalab/ddalab'],
  ['ABOVE', '${PLAIN}-${PARAMETER}', 'plain-8001'],
  ['DEFAULT', '${NOBODY:-${EMPTY:-deep ${NUMBER}}}', 'deep 7'],
  ['DEFAULT_UNSET_ONLY', '[${EMPTY-no}]', '[]'],
  ['OTHER', '${PLAIN:+yes}${EMPTY:+no}${EMPTY+set}${NOBODY+no}', 'yesset'],
  ['REQUIRED', '${PLAIN:?must be there}', 'plain'],
  ['DOLLARS', '$$PLAIN costs $$5 and $1', '$PLAIN costs $5 and $1'],
  ['QUOTES', `it's "quoted" \\ # no comment`, `it's "quoted" \\ # no comment`],
  ['LINES', 'one\n\n  two ${PLAIN}\n', 'one\n\n  two plain\n'],
  ['UNICODE', 'Grüße, 世界 😀 ${PLAIN}', 'Grüße, 世界 😀 plain'],
  ['JSON', '{"a": {"b": "${PLAIN}"}}', '{"a": {"b": "plain"}}'],
  [
    'URL',
    'postgres://${DDALAB_DB_USER}:${DDALAB_DB_PASSWORD}@${DDALAB_DB_HOST}/x',
    `postgres://ddalab:${secrets.database}@postgres/x`,
  ],
  ['OF_A_SECRET_VARIABLE', '<${TOKEN}>', '<t$o {k} "en>'],
]
const variables = Object.fromEntries(cases.map(([name, text]) => [name, text]))
const secretVariables = { TOKEN: 't$o {k} "en', DOLLAR_SECRET: '${PLAIN} $$' }

describe('variables of the config', () => {
  test.each(cases)('%s: %j means %j', async (name, _, meaning) => {
    const { stack } = await withVariables(variables, secretVariables)
    expect(environment(stack)[name]).toBe(meaning)
    expect(envOf(stack)[name]).toBe(meaning)
  })

  test('go to the main service and to no other', async () => {
    const { stack } = await withVariables({ OWN: 'x' }, { TOKEN: 'y' })
    const owners = Object.values(stack.services).filter((one) => 'OWN' in one.environment || 'TOKEN' in one.environment)
    expect(owners.map(({ name }) => name)).toEqual(['ddalab'])
  })

  test('may use what the templates may use', async () => {
    const { stack } = await withVariables({ WHERE: '${INGRESS_URL} of ${PROJECT}, ${ENVIRONMENT}' })
    expect(environment(stack).WHERE).toBe('https://localhost of lab, production')
  })

  test('come before what the template says, and after docker.environmentOverrides', async () => {
    const overrides = "docker: {environmentOverrides: {OWN: '${NOT} a variable', DDALAB_DEBUG: true}}"
    const { stack } = await withVariables({ OWN: 'x' }, {}, overrides)
    expect(environment(stack)).toMatchObject({ OWN: '${NOT} a variable', DDALAB_DEBUG: 'true' })
    expect(envOf(stack).OWN).toBe('x')
  })

  test('that use what is not there are told of, and those that need it are refused', async () => {
    const { warnings, stack } = await withVariables({ A: '<${B}>', B: 'later' })
    expect(warnings).toEqual(['variables.A: B has no value there; it counts as empty'])
    expect(environment(stack).A).toBe('<>')
    await expect(withVariables({ A: '${NOBODY:?ask ${DDALAB_DB_PASSWORD}}' })).rejects.toMatchObject({
      code: 'INTERPOLATION_FAILED',
      message: 'variables.A: required variable NOBODY is missing a value: ask ${DDALAB_DB_PASSWORD}',
    })
    await expect(withVariables({ A: '${' })).rejects.toMatchObject({
      code: 'INTERPOLATION_FAILED',
      message: 'variables.A: invalid interpolation format "${"',
    })
  })
})

describe('a name that is taken', () => {
  const refusal = (own: Texts, secret: Texts = {}) =>
    withVariables(own, secret).then(
      () => 'accepted',
      ({ message, options }) => `${message} | ${options.hint}`,
    )

  test('by a parameter of the template: the error names the setting that it is', async () => {
    expect(await refusal({ DDALAB_API_PORT: 1 })).toBe(
      'variables.DDALAB_API_PORT: the template sets DDALAB_API_PORT itself, from api.port | Set api.port instead.',
    )
    expect(await refusal({}, { GRAFANA_ADMIN_PASSWORD: 'x' })).toContain(
      'Set parameters.GRAFANA_ADMIN_PASSWORD instead.',
    )
  })

  test('by what the template gives the main service anyway', async () => {
    expect(await refusal({ DB_HOST: 'elsewhere' })).toBe(
      'variables.DB_HOST: the template sets DB_HOST itself, from database.host | Set database.host instead.',
    )
    expect(await refusal({}, { JWT_SECRET_KEY: 'x' })).toContain('Set auth.jwtSecret instead.')
    expect(await refusal({ MINIO_HOST: 'x' })).toBe(
      'variables.MINIO_HOST: the template sets MINIO_HOST itself, from storage.minio.host and storage.minio.port | Set docker.environmentOverrides.MINIO_HOST instead.',
    )
  })

  test('by a variable of the other kind', async () => {
    expect(await refusal({ A: 1 }, { A: 'x' })).toBe('A is in variables and in secretVariables | Keep one of them.')
  })

  test('by Compose, which would take it out of .env as a setting of its own', async () => {
    expect(await refusal({ COMPOSE_PROJECT_NAME: 'x' })).toBe(
      'variables.COMPOSE_PROJECT_NAME: names with COMPOSE_ are settings of Compose | Set docker.environmentOverrides.COMPOSE_PROJECT_NAME instead.',
    )
  })

  test('all at once', async () => {
    await expect(withVariables({ COMPOSE_FILE: 'x', DDALAB_DEBUG: true })).rejects.toMatchObject({
      options: { problems: { length: 2 } },
    })
  })
})

describe('secrets in variables', () => {
  test('stand in .env only; the Compose file refers to them there', async () => {
    const { stack } = await withVariables(variables, secretVariables)
    const text = fileOf(stack, 'docker-compose.yml')
    for (const value of [secrets.database, ...Object.values(secretVariables)]) expect(text).not.toContain(value)
    expect(text).toContain('TOKEN: "${TOKEN}"')
    expect(text).toContain('URL: "postgres://ddalab:${DDALAB_DB_PASSWORD}@postgres/x"')
    expect(text).toContain('OF_A_SECRET_VARIABLE: "<${TOKEN}>"')
  })

  test('are known to redaction and taken as they are', async () => {
    const { stack } = await withVariables({}, secretVariables)
    expect(stack.secretValues).toEqual(expect.arrayContaining(Object.values(secretVariables)))
    expect(environment(stack)).toMatchObject(secretVariables)
  })
})

describe.skipIf(compose === '')('as the Compose binary', () => {
  test('takes the written files for the same environment', async () => {
    const { stack } = await withVariables(variables, secretVariables)
    expect(environmentOf(JSON.parse(composeTakes(stack)), 'ddalab')).toEqual(environment(stack))
  })

  test('understands the texts of variables, over our .env', async () => {
    const { stack } = await withVariables(variables, secretVariables)
    const file = JSON.stringify({ services: { web: { image: 'x', environment: variables } } })
    const answer = withFiles({ 'compose.yml': file, '.env': fileOf(stack, '.env') }, (directory) =>
      composeConfig(directory),
    )
    const ours = Object.fromEntries(Object.keys(variables).map((name) => [name, environment(stack)[name]]))
    expect(ours).toEqual(environmentOf(answer, 'web'))
  })

  test('lists the same values in "config --environment"', async () => {
    const { stack } = await withVariables(variables, secretVariables)
    const listed = `\n${composeTakes(stack, 'config', '--environment')}`
    for (const [name, value] of Object.entries(envOf(stack))) expect(listed).toContain(`\n${name}=${value}\n`)
    expect(listed).toContain('\nURL=postgres://')
  })

  test('any value comes to the container as it was', async () => {
    const special = fc.array(
      fc.constantFrom(...`'"\\$\n\r\t# ={}:%\``, 'a', '${A}', '$$', 'é', '世', '😀', '\u00a0', '- ', '~', '0'),
      { maxLength: 10 },
    )
    const texts = [
      ...fc.sample(special, { numRuns: 300, seed: 4 }).map((parts) => parts.join('')),
      ...fc.sample(fc.string({ unit: 'grapheme' }), { numRuns: 200, seed: 5 }),
    ]
    const named = (prefix: string, all: readonly string[]) =>
      Object.fromEntries(all.map((text, index) => [`${prefix}${index}`, text]))
    const given = named(
      'SECRET_',
      texts.filter((text) => text !== ''),
    )
    const { stack } = await withVariables(named('OPEN_', texts.map(escapeDollars)), given)
    const taken = environmentOf(JSON.parse(composeTakes(stack)), 'ddalab')
    expect(taken).toEqual(environment(stack))
    expect(taken).toMatchObject({ ...named('OPEN_', texts), ...given })
  })
})

describe('existing volumes of the host', () => {
  const withNames = (names: Texts, lines = '') =>
    compileText(ddalabConfig(`docker: {volumeNames: ${JSON.stringify(names)}}\n${lines}`))

  test('stand in place of those of the template and are never ours', async () => {
    const { stack } = await withNames({ 'postgres-data': 'setup_postgres', 'ddalab-data': 'eeg' })
    expect(stack.volumes['postgres-data']).toEqual({
      name: 'setup_postgres',
      external: true,
      driverOpts: {},
      labels: {},
    })
    expect(stack.volumes['redis-data']?.external).toBe(false)
    expect(stack.services.postgres?.mounts).toMatchObject([{ type: 'volume', source: 'postgres-data' }])
    if (compose === '') return
    expect(JSON.parse(composeTakes(stack))).toMatchObject({
      volumes: {
        'postgres-data': { name: 'setup_postgres', external: true },
        'redis-data': { name: 'lab_redis-data' },
      },
    })
  })

  test('wait while nothing uses them', async () => {
    const { stack } = await withNames({ 'grafana-data': 'old' })
    expect(stack.volumes).not.toHaveProperty('grafana-data')
  })

  test('may be volumes that docker.volumes brought', async () => {
    const { stack } = await compileText(ddalabConfig('docker: {volumes: {more: /more}, volumeNames: {more: old_more}}'))
    expect(stack.volumes.more).toMatchObject({ name: 'old_more', external: true })
  })

  test('that the stack does not have are refused', async () => {
    await expect(withNames({ 'postgres-dat': 'old' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'docker.volumeNames: the stack has no postgres-dat',
      options: { hint: 'Did you mean postgres-data?' },
    })
  })
})
