/**
 * A template whose deploys use every kind of operation that the docker planner makes, each in a moment: a one-shot, a
 * database with a volume, a page that is replaced when VERSION changes, and a service that only the profile `extra` wants.
 */
const compose = `
x-server: &server
  image: \${IMAGE}
  command: [sh, -c, 'sleep "$$START_SECONDS"; echo "version $$VERSION" >/tmp/index.html; exec httpd -f -p 80 -h /tmp']
  environment: &environment { START_SECONDS: "0", VERSION: kept }
  stop_signal: SIGKILL
  restart: unless-stopped
  healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1/"], interval: 300ms, timeout: 5s, retries: 100 }
services:
  migrate:
    image: \${IMAGE}
    command: ["true"]
  db:
    <<: *server
    volumes: ["data:/data"]
  extra:
    <<: *server
    profiles: [extra]
  web:
    <<: *server
    environment: { <<: *environment, VERSION: "\${VERSION}", START_SECONDS: "\${START_SECONDS}", TOKEN: "\${TOKEN}" }
    ports: ["\${PORT}:80"]
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
    deploy: { update_config: { monitor: 500ms } }
volumes: { data: }
`

const metadata = `
name: faults
title: Faults
description: Every kind of operation, each in a moment.
main: web
parameters:
  - { name: IMAGE, config: docker.image, description: An image with BusyBox }
  - { name: PORT, description: Port of this machine }
  - { name: VERSION, description: What the page says, default: "1" }
  - { name: START_SECONDS, description: Seconds until the page is there, default: "0" }
  - { name: TOKEN, description: a secret, secret: true, generate: password, required: true }
`

/** The same behind an ingress, whose routes are switched while it runs. */
const routes = `
ingress:
  routes:
    - { path: /, service: web, port: 80 }
`

export const faultTemplates: { readonly [path: string]: string } = {
  'templates/faults/template.yml': metadata,
  'templates/faults/compose.yml': compose,
  'templates/routed/template.yml': metadata.replace('name: faults', 'name: routed') + routes,
  'templates/routed/compose.yml': compose,
}
