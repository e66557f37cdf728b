/** A part of a version fails where the image's BAD names it; what its setting says wrong, it says by itself. */
const mood = `
        case "$$BAD" in $$PART|both) ;; *) MOOD=good ;; esac
        echo "$$MOOD" >/tmp/mood
        if test "$$SETTING" != ok; then echo "fatal: SETTING is $$SETTING"; exit 78; fi
        if test "$$MOOD" = crash; then echo "fatal: cannot load"; exit 3; fi
        mkdir -p /tmp/www/cgi-bin
        echo "version $$VERSION" >/tmp/www/index.html`

const serve = `
        httpd -f -p 80 -h /tmp/www &
        if test "$$MOOD" = crash-later; then sleep 5; echo "fatal: out of memory"; exit 7; fi
        wait`

/**
 * Two services of one image, whose versions are those of the image: a page behind the ingress, and a store of rows with a volume of one writer. A one-shot migrates first. The image's MOOD and the config's SETTING
 * make a version bad.
 */
const compose = (web: string, store: string) => `
x-server: &server
  image: \${IMAGE}
  stop_signal: SIGKILL
  restart: unless-stopped
  healthcheck:
    test: [CMD-SHELL, 'test "$$(cat /tmp/mood)" != never-healthy && wget -q -O /dev/null http://127.0.0.1/']
    interval: 300ms
    timeout: 10s
    retries: 5
services:
  migrate:
    image: \${IMAGE}
    command: [sh, -c, 'echo "migrating to $$VERSION"; test "$$MOOD" != bad-migration']
  web:
    <<: *server
    depends_on: { migrate: { condition: service_completed_successfully } }
    command:
      - sh
      - -c
      - |${mood}${serve}
    environment: { PART: web, SETTING: "\${SETTING}" }
    deploy: { update_config: { monitor: ${web}, x-drain: 20s } }
  store:
    <<: *server
    command:
      - sh
      - -c
      - |${mood}
        printf '#!/bin/sh\\nset -e\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n"\\nif test -n "$$QUERY_STRING"; then echo "$$QUERY_STRING" >>/data/rows; echo kept; else cat /data/rows; fi\\n' >/tmp/www/cgi-bin/row
        chmod +x /tmp/www/cgi-bin/row${serve}
    environment: { PART: store, SETTING: "\${SETTING}" }
    volumes: ["rows:/data"]
    deploy: { update_config: { monitor: ${store} } }
volumes: { rows: }
`

const metadata = `
name: fronted
title: Updates
description: For tests.
main: web
singleWriter: [store]
parameters:
  - { name: IMAGE, config: docker.image, description: An image with BusyBox }
  - { name: SETTING, description: Anything but ok is wrong, default: "ok" }
ingress:
  routes:
    - { path: /, service: web, port: 80 }
    - { path: /cgi-bin/row, service: store, port: 80 }
`

/**
 * As files of a home. For how long a container that replaces another is watched: of the page before it serves and once more
 * while it does; of the store once.
 */
export const twoServices = ({ web, store }: { readonly web: string; readonly store: string }) => ({
  'templates/fronted/template.yml': metadata,
  'templates/fronted/compose.yml': compose(web, store),
})
