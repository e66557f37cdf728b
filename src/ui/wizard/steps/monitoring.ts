import { configPath } from '../../../core/stack/index.ts'
import { choiceField, type Facts, type Step, settingField } from '../field.ts'

const PROFILE = 'monitoring'

/** Prometheus and Grafana, or whatever else a template keeps under the profile `monitoring`. */
export function monitoringStep(facts: Facts): Step | undefined {
  const own = facts.template.parameters.filter(({ profile }) => profile === PROFILE)
  if (own.length === 0) return undefined
  return {
    id: PROFILE,
    title: 'Monitoring',
    fields: [
      choiceField({
        id: PROFILE,
        label: 'Monitoring',
        help: 'Prometheus collects figures, Grafana draws them.',
        fallback: facts.defaults.profiles?.includes(PROFILE) === true ? 'true' : 'false',
        choices: [
          { value: 'true', label: 'yes', sets: [`profiles=${PROFILE}`] },
          { value: 'false', label: 'no', sets: [] },
        ],
      }),
      ...own
        .filter(({ generate }) => generate === undefined)
        .map((parameter) => ({
          ...settingField(facts, configPath(parameter), {
            label: 'Address',
            help: parameter.description,
            when: { id: PROFILE, is: 'true' },
          }),
          fallback: parameter.default ?? '',
        })),
    ],
  }
}
