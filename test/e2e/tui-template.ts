/** A service that logs a few lines; its image says the version, and whether it ever becomes healthy. It has no port. */
const compose = `
services:
  store:
    image: \${IMAGE}
    command: [sleep, infinity]
    stop_signal: SIGKILL
    environment: { VERSION: all, MOOD: good }
  web:
    image: \${IMAGE}
    depends_on: [store]
    command:
      - sh
      - -c
      - |
        echo "INFO version $$VERSION, $$TITLE"
        echo "WARN disk is nearly full"
        echo "ERROR データ not found"
        printf 'INFO colours \\033[31mred\\033[0m and \\033[2J\\033]0;title\\007 control\\n'
        echo "INFO ready"
        exec sleep infinity
    environment: { TITLE: "\${TITLE}" }
    stop_signal: SIGKILL
    healthcheck:
      test: [CMD-SHELL, 'test "$$MOOD" = good']
      interval: 1s
      timeout: 2s
      retries: 3
    deploy:
      update_config: { monitor: 1s }
`

const metadata = `
name: session
title: What the sessions use
description: For tests.
main: web
parameters:
  - { name: IMAGE, config: docker.image, description: An image with BusyBox }
  - { name: TITLE, description: What the log says, default: "hello" }
`

/** As files of a home. */
export const sessionTemplate: { readonly [path: string]: string } = {
  'templates/session/template.yml': metadata,
  'templates/session/compose.yml': compose,
}
