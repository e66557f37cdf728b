import { formatBytes } from '../../cli/format.ts'
import { type Facts, type Step, settingField } from '../field.ts'

/** How much of the machine the app may take. */
export function resourcesStep(facts: Facts): Step {
  const { template, machine } = facts
  const path = (key: string) => `resources.${template.main}.${key}`
  const has = [
    ...(machine.cpus === undefined ? [] : [`${machine.cpus} CPUs`]),
    ...(machine.memory === undefined ? [] : [`${formatBytes(machine.memory)} of memory`]),
  ]
  const shown = has.length === 0 ? '' : ` This machine has ${has.join(' and ')}.`
  return {
    id: 'resources',
    title: 'Resources',
    intro: `How much the service ${template.main} may take; empty means all there is.${shown}`,
    fields: [
      settingField(facts, path('cpus'), { label: 'CPUs', probe: 'cpus' }),
      settingField(facts, path('memory'), { label: 'Memory', kind: 'size', probe: 'memory' }),
    ],
  }
}
