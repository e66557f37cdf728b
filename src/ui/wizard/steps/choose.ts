import { ENVIRONMENTS } from '../../../core/config/index.ts'
import type { Template } from '../../../core/stack/index.ts'
import type { Field, Step } from '../field.ts'

export const TEMPLATE = 'template'
export const ENVIRONMENT = 'environment'

const MEANINGS = {
  development: 'for work on the system itself: no TLS, other ports, more in the logs',
  staging: 'as production, with versions that are still tried out',
  production: 'for real data and real users',
} as const

/** What is deployed, and for what: the two answers on which all other questions depend. */
export function chooseSteps(
  templates: readonly Template[],
  fallback: { readonly template: string; readonly environment: string },
): readonly Step[] {
  const common = { kind: 'choice', required: false } as const
  const template: Field = {
    ...common,
    id: TEMPLATE,
    label: 'Template',
    help: 'What is deployed.',
    choices: templates.map(({ name, description }) => ({ value: name, label: name, help: description })),
    fallback: fallback.template,
    settings: (text) => [`template=${text}`],
  }
  const environment: Field = {
    ...common,
    id: ENVIRONMENT,
    label: 'Environment',
    help: 'Which defaults hold.',
    choices: ENVIRONMENTS.toReversed().map((name) => ({ value: name, label: name, help: MEANINGS[name] })),
    fallback: fallback.environment,
    settings: (text) => [`environment=${text}`],
  }
  return [
    { id: 'template', title: 'Template', fields: [template] },
    { id: 'environment', title: 'Environment', fields: [environment] },
  ]
}
