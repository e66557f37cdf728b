/** A page that says its VERSION, after START_SECONDS. */
const server = `
x-server: &server
  image: \${IMAGE}
  command: [sh, -c, 'sleep "$$START_SECONDS"; echo "version $$VERSION" >/tmp/index.html; exec httpd -f -p 80 -h /tmp']
  environment: &environment { START_SECONDS: "0", VERSION: kept }
  stop_signal: SIGKILL
  restart: unless-stopped
  healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1/"], interval: 1s, timeout: 2s, retries: 60 }
`

const web = `
  web:
    <<: *server
    environment: { <<: *environment, VERSION: "\${VERSION}", START_SECONDS: "\${START_SECONDS}", TOKEN: "\${TOKEN}" }
    ports: ["\${PORT}:80"]
    deploy: { update_config: { monitor: 500ms } }
`

/** The page alone. */
const small = `${server}
services:
${web}`

/**
 * Every kind of operation that a deploy has, each in a moment: a one-shot, a database with a volume, the page, and a service
 * that only the profile `extra` wants.
 */
const full = `${server}
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
${web}
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
volumes: { data: }
`

const metadata = (name: string) => `
name: ${name}
title: Faults
description: For tests.
main: web
parameters:
  - { name: IMAGE, config: docker.image, description: An image with BusyBox }
  - { name: PORT, description: Port of this machine }
  - { name: VERSION, description: What the page says, default: "1" }
  - { name: START_SECONDS, description: Seconds until the page is there, default: "0" }
  - { name: TOKEN, description: a secret, secret: true, generate: password, required: true }
`

/** The page behind an ingress, whose routes are switched while it runs. */
const routes = `
ingress:
  routes:
    - { path: /, service: web, port: 80 }
`

/** Templates of a user, as files of a home. */
export const faultTemplates: { readonly [path: string]: string } = {
  'templates/small/template.yml': metadata('small'),
  'templates/small/compose.yml': small,
  'templates/full/template.yml': metadata('full'),
  'templates/full/compose.yml': full,
  'templates/routed/template.yml': metadata('routed') + routes,
  'templates/routed/compose.yml': small,
}
