import { type Migration, omit } from './migration.ts'

const adds = [
  ...['template', 'images', 'resources', 'profiles', 'ingress', 'parameters'],
  ...['variables', 'secretVariables', 'environments'],
]

/** The new sections stay absent on the way up: their values are the template's defaults. */
export const toVersion3: Migration = {
  from: '2.0.0',
  to: '3.0.0',
  description:
    'Add templates with their parameters, images and resources by service, profiles, the ingress, variables and environments',
  adds,
  up: (config) => ({ ...config, version: '3.0.0' }),
  down: (config) => ({ ...omit(config, adds), version: '2.0.0' }),
}
