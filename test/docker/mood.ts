import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { init } from '../../src/core/actions/init.ts'
import type { Target } from '../../src/core/actions/world.ts'
import { labImages } from '../lab/lab.ts'
import type { TestWorld } from '../support/world.ts'

const TEMPLATE = `name: mood
title: Mood
description: A service that is as healthy as a setting says.
main: web
parameters:
  - { name: MOOD_IMAGE, config: docker.image, description: Any image with a shell }
  - { name: MOOD, description: good or bad }
defaults:
  all:
    docker: { image: "${labImages.busybox}" }
    parameters: { MOOD: good }
`

const COMPOSE = `services:
  web:
    image: \${MOOD_IMAGE}
    command: [sh, -c, exec sleep 600]
    environment: { MOOD: "\${MOOD}" }
    stop_signal: SIGKILL
    healthcheck:
      test: [CMD-SHELL, 'test "$$MOOD" != bad']
      interval: 500ms
      timeout: 2s
      retries: 2
    deploy: { update_config: { monitor: 200ms } }
`

/** A new instance of a stack that gets well with `parameters.MOOD` unless that is `bad`. */
export async function initMood(world: TestWorld, target: Target): Promise<void> {
  const directory = join(world.directory, 'templates', 'mood')
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'template.yml'), TEMPLATE)
  writeFileSync(join(directory, 'compose.yml'), COMPOSE)
  await init(world, target, { template: 'mood', set: ['parameters.MOOD=good'] })
}
