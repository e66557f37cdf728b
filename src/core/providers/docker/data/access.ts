import type { Engine } from '../client/index.ts'
import { removeLabelled } from './helper.ts'
import type { DataAccess, DataPart } from './part.ts'
import { checkPostgres, loadPostgres, savePostgres } from './postgres.ts'
import { checkRedis, loadRedis, saveRedis } from './redis.ts'
import { rehearsePostgres, rehearseRedis } from './scratch.ts'
import { checkFiles, goOn, loadFiles, rehearseFiles, saveFiles } from './volume.ts'

type Way = 'save' | 'check' | 'load' | 'rehearse'

/** How data of one kind is copied. */
type Copying = {
  readonly [way in Way]: (engine: Engine, ...given: Parameters<DataAccess[way]>) => ReturnType<DataAccess[way]>
}

const files: Copying = {
  save: saveFiles,
  check: (_engine, part, copy) => checkFiles(part, copy),
  load: (engine, part, copy, _now, context) => loadFiles(engine, part, copy, context),
  rehearse: rehearseFiles,
}

const KINDS: { readonly [kind in DataPart['kind']]: Copying } = {
  postgres: {
    save: savePostgres,
    check: checkPostgres,
    load: (engine, part, copy, _now, context) => loadPostgres(engine, part, copy, context),
    rehearse: rehearsePostgres,
  },
  redis: { save: saveRedis, check: checkRedis, load: loadRedis, rehearse: rehearseRedis },
  s3: files,
  volume: files,
}

/** The data in the containers of an engine, by its kind. */
export function dataAccess(engine: Engine): DataAccess {
  return {
    save: (part, ...given) => KINDS[part.kind].save(engine, part, ...given),
    check: (part, ...given) => KINDS[part.kind].check(engine, part, ...given),
    load: (part, ...given) => KINDS[part.kind].load(engine, part, ...given),
    rehearse: (part, ...given) => KINDS[part.kind].rehearse(engine, part, ...given),
    async tidy(parts, label) {
      await goOn(engine, parts)
      await removeLabelled(engine, label)
    },
  }
}
