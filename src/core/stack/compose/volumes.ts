import type { Volume } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { readTable } from './lists.ts'
import { readExternal } from './networks.ts'

/** One volume of the file's `volumes`. */
export function readVolume(cursor: Cursor, key: string, project: string): Volume {
  cursor.onlyKeys(['name', 'external', 'driver', 'driver_opts', 'labels'])
  const external = readExternal(cursor.get('external'))
  const driver = cursor.get('driver').text()
  return {
    name: cursor.get('name').text() ?? external.name ?? (external.is ? key : `${project}_${key}`),
    external: external.is,
    ...(driver !== undefined && { driver }),
    driverOpts: readTable(cursor.get('driver_opts')),
    labels: readTable(cursor.get('labels')),
  }
}
