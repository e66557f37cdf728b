import type { Engine } from '../client/index.ts'
import { removeLabelled } from './helper.ts'
import type { DataAccess } from './part.ts'
import { checkPostgres, loadPostgres, savePostgres } from './postgres.ts'
import { checkRedis, loadRedis, saveRedis } from './redis.ts'
import { rehearsePostgres, rehearseRedis } from './scratch.ts'
import { checkFiles, goOn, loadFiles, rehearseFiles, saveFiles } from './volume.ts'

/** The data in the containers of an engine, by its kind. */
export function dataAccess(engine: Engine): DataAccess {
  return {
    save(part, target, context) {
      switch (part.kind) {
        case 'postgres':
          return savePostgres(engine, part, target, context)
        case 'redis':
          return saveRedis(engine, part, target, context)
        case 's3':
        case 'volume':
          return saveFiles(engine, part, target, context)
      }
    },
    check(part, copy, context) {
      switch (part.kind) {
        case 'postgres':
          return checkPostgres(engine, part, copy, context)
        case 'redis':
          return checkRedis(engine, part, copy, context)
        case 's3':
        case 'volume':
          return checkFiles(part, copy)
      }
    },
    load(part, copy, now, context) {
      switch (part.kind) {
        case 'postgres':
          return loadPostgres(engine, part, copy, context)
        case 'redis':
          return loadRedis(engine, part, copy, now, context)
        case 's3':
        case 'volume':
          return loadFiles(engine, part, copy, context)
      }
    },
    rehearse(part, copy, context) {
      switch (part.kind) {
        case 'postgres':
          return rehearsePostgres(engine, part, copy, context)
        case 'redis':
          return rehearseRedis(engine, part, copy, context)
        case 's3':
        case 'volume':
          return rehearseFiles(engine, part, copy, context)
      }
    },
    async tidy(parts, label) {
      await goOn(engine, parts)
      await removeLabelled(engine, label)
    },
  }
}
