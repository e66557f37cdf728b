import { type Migration, omit } from './migration.ts'

const adds = ['docker', 'ssl', 'updates']

/** The new sections stay absent on the way up: their values are the template's defaults. */
export const toVersion2: Migration = {
  from: '1.0.0',
  to: '2.0.0',
  description: 'Add deployment by Docker, TLS and updates',
  adds,
  up: (config) => ({ ...config, version: '2.0.0' }),
  down: (config) => ({ ...omit(config, adds), version: '1.0.0' }),
}
