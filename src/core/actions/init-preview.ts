import { randomBytes } from 'node:crypto'
import type { Answers } from '../config/index.ts'
import { DEFAULT_TEMPLATE } from '../config/index.ts'
import type { PlanResult } from '../providers/docker/index.ts'
import { configFromAnswers } from './config-from-answers.ts'
import { findTemplate } from './find-template.ts'
import { planUnsaved } from './plan.ts'
import type { Target, World } from './world.ts'

/**
 * What a deploy would do right after an `init` with these answers; nothing is written. Errors: CONFIG_*, TEMPLATE_*, ENGINE_*.
 */
export async function previewInit(world: World, target: Target, answers: Answers): Promise<PlanResult> {
  const template = await findTemplate(world, answers.template ?? DEFAULT_TEMPLATE)
  return planUnsaved(world, target, configFromAnswers(answers, template, randomBytes).text)
}
