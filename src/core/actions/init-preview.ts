import { randomBytes } from 'node:crypto'
import { type Answers, DEFAULT_TEMPLATE } from '../config/index.ts'
import type { PlanResult } from '../providers/docker/index.ts'
import { configFromAnswers } from './config-from-answers.ts'
import { findTemplate } from './find-template.ts'
import type { InitOptions } from './init.ts'
import { atHome } from './look-around.ts'
import { planUnsaved } from './plan.ts'
import type { Target, World } from './world.ts'

/**
 * What a deploy would do right after an `init` with these answers; nothing is written, and no folder is made yet.
 * Errors: CONFIG_*, TEMPLATE_*, ENGINE_*.
 */
export async function previewInit(
  world: World,
  target: Target,
  answers: Answers,
  folders: NonNullable<InitOptions['folders']>,
): Promise<PlanResult> {
  const template = await findTemplate(world, answers.template ?? DEFAULT_TEMPLATE)
  const result = await planUnsaved(world, target, configFromAnswers(answers, template, randomBytes).text)
  const made = folders.map((folder) => JSON.stringify(atHome(folder, world.environment.home)))
  const problems = result.problems.filter(
    ({ code, message }) => code !== 'BIND_SOURCE_MISSING' || !made.some((folder) => message.includes(folder)),
  )
  return { ...result, problems }
}
