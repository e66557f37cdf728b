import { CURRENT_VERSION, type EnvironmentName, resolveConfig } from '../../../core/config/index.ts'
import { configPath, type Template } from '../../../core/stack/index.ts'
import type { Facts, Machine, Step } from '../field.ts'
import { accessStep } from './access.ts'
import { authStep } from './auth.ts'
import { dataStep } from './data.ts'
import { monitoringStep } from './monitoring.ts'
import { ownStep } from './own.ts'
import { portsStep } from './ports.ts'
import { resourcesStep } from './resources.ts'
import { updatesStep } from './updates.ts'

export { chooseSteps, ENVIRONMENT, TEMPLATE } from './choose.ts'
export { FOLDER } from './data.ts'

/** What holds in an environment of a template where nothing is answered. */
export function factsOf(
  template: Template,
  environment: EnvironmentName,
  { instance, home, machine }: { readonly instance: string; readonly home: string; readonly machine: Machine },
): Facts {
  const { config: defaults } = resolveConfig({ version: CURRENT_VERSION, environment }, template.defaults)
  return { instance, home, machine, template, defaults, uses: new Set(template.parameters.map(configPath)) }
}

/** The steps of a template after the choice of it: those that it has a use for, and one of its own. */
export function stepsOf(facts: Facts): readonly Step[] {
  const known = [accessStep, dataStep, portsStep, authStep, resourcesStep, monitoringStep, updatesStep]
    .map((step) => step(facts))
    .filter((step) => step !== undefined)
  const asked = new Set(known.flatMap(({ fields }) => fields.map(({ id }) => id)))
  const own = ownStep(facts, asked)
  return own === undefined ? known : [own, ...known]
}
