import { type Facts, type Step, settingField } from '../field.ts'

/** Which versions are offered, and who looks for them. */
export function updatesStep(facts: Facts): Step | undefined {
  if (facts.defaults.updates === undefined) return undefined
  return {
    id: 'updates',
    title: 'Updates',
    fields: [
      settingField(facts, 'updates.channel', { label: 'Update channel' }),
      settingField(facts, 'updates.checkInterval', { label: 'Look every (hours)' }),
      settingField(facts, 'updates.autoUpdate', { label: 'Update by itself' }),
    ],
  }
}
