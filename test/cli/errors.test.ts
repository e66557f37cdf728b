import { describe, expect, it } from 'vitest'
import { DdalabError, problemsError } from '../../src/core/errors.ts'
import { renderError } from '../../src/ui/cli/errors.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'

describe('an error for a person', () => {
  it('says what happened, the evidence, what to do now', () => {
    const error = new DdalabError('UNHEALTHY', 'web did not become healthy within 1m.', {
      details: ['GET /health 503', 'cannot reach postgres'],
      hint: 'Look at its log.',
      nextSteps: ['ddalab logs web'],
    })
    expect(renderError(error, PLAIN)).toMatchInlineSnapshot(`
      "✖ web did not become healthy within 1m.

        | GET /health 503
        | cannot reach postgres

        → Look at its log.
          ddalab logs web"
    `)
  })

  it('tells all problems at once, each with its place', () => {
    const error = problemsError(
      [
        {
          code: 'CONFIG_INVALID',
          message: 'api.port must be a number',
          place: { file: 'deployment-config.yml', line: 5, column: 9 },
        },
        {
          code: 'CONFIG_INVALID',
          message: 'unknown key "databse"',
          hint: 'Did you mean "database"?',
          place: { file: 'deployment-config.yml', line: 8 },
        },
      ],
      'deployment-config.yml is not valid',
    )
    expect(renderError(error, { ...PLAIN, unicode: false })).toMatchInlineSnapshot(`
      "x deployment-config.yml is not valid: 2 problems

        deployment-config.yml:5:9  api.port must be a number
        deployment-config.yml:8  unknown key "databse"
          -> Did you mean "database"?"
    `)
  })

  it('shows stacks and causes with --debug only', () => {
    const error = new Error('no luck', { cause: new Error('the root') })
    expect(renderError(error, PLAIN)).not.toContain('the root')
    expect(renderError(error, PLAIN, true)).toMatch(/Error: no luck\n[\s\S]*caused by: Error: the root/)
  })

  it('calls what was not foreseen a bug', () => {
    expect(renderError(new TypeError('x is undefined'), PLAIN)).toMatchInlineSnapshot(`
      "✖ x is undefined

        → This is a bug in ddalab. Run again with --debug and report the output."
    `)
  })
})
