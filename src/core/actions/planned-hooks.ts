import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { DdalabError } from '../errors.ts'
import { namesIn } from '../files.ts'
import type { InstancePaths } from '../instance/index.ts'
import type { Plan } from '../kernel/index.ts'
import { HOOKS, type Hook, withHooks } from '../release/hooks.ts'

/** Changes that have phases for hooks. */
const HOOKED = ['deploy', 'update', 'rollback']

export const hooksDirectory = ({ directory }: InstancePaths) => join(directory, 'hooks')

/** The plan with the hooks of the instance around its phases. PRECONDITION_FAILED for one that may not be run. */
export async function withHooksOf(paths: InstancePaths, plan: Plan): Promise<Plan> {
  if (plan.operations.length === 0 || !HOOKED.includes(plan.action)) return plan
  return withHooks(plan, await hooksOf(paths))
}

/** The hooks of an instance. PRECONDITION_FAILED for one that may not be run: to leave it out could be worse. */
async function hooksOf(paths: InstancePaths): Promise<readonly Hook[]> {
  const names = await namesIn(hooksDirectory(paths))
  const found = HOOKS.filter((hook) => names.includes(hook))
  for (const hook of found) {
    const file = join(hooksDirectory(paths), hook)
    await access(file, constants.X_OK).catch(() => {
      throw new DdalabError('PRECONDITION_FAILED', `The hook ${file} may not be run.`, {
        hint: `Run: chmod +x ${file}`,
      })
    })
  }
  return found
}
