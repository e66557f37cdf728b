/**
 * A page behind an ingress: it says its VERSION, `/cgi-bin/slow` takes ten seconds to come, and `/echo` is
 * what an upgraded connection says back, after the version. A one-shot migrates first. MOOD
 * makes a bad version of it: never healthy, ending at once or after a while, failing to migrate. Updates are watched for a second.
 */
const compose = `
services:
  migrate:
    image: \${IMAGE}
    command: [sh, -c, 'echo "migrating to $$VERSION"; test "$$MOOD" != bad-migration']
    environment: { VERSION: "\${VERSION}", MOOD: "\${MOOD}" }
  web:
    image: \${IMAGE}
    depends_on: { migrate: { condition: service_completed_successfully } }
    command:
      - sh
      - -c
      - |
        if test "$$MOOD" = crash; then echo "fatal: cannot load"; exit 3; fi
        mkdir -p /tmp/www/cgi-bin
        printf '#!/bin/sh\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n"\\nfor i in 1 2 3 4 5 6 7 8 9 10; do echo "$$VERSION part $$i"; sleep 1; done\\n' >/tmp/www/cgi-bin/slow
        chmod +x /tmp/www/cgi-bin/slow
        echo "version $$VERSION" >/tmp/www/index.html
        cat >/tmp/echo <<'END'
        #!/bin/sh
        while read -r line && test "$$line" != "$$(printf '\\r')"; do :; done
        printf 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n'
        echo "version $$VERSION"
        exec cat
        END
        chmod +x /tmp/echo
        nc -ll -p 81 -e /tmp/echo &
        httpd -f -p 80 -h /tmp/www &
        if test "$$MOOD" = crash-later; then sleep 1; echo "fatal: out of memory"; exit 7; fi
        wait
    environment: { VERSION: "\${VERSION}", MOOD: "\${MOOD}" }
    stop_signal: SIGKILL
    restart: unless-stopped
    healthcheck:
      test: [CMD-SHELL, 'test "$$MOOD" != never-healthy && wget -q -O /dev/null http://127.0.0.1/']
      interval: 500ms
      timeout: 2s
      retries: 5
    deploy:
      replicas: \${REPLICAS}
      update_config: { monitor: "\${MONITOR}", x-drain: "\${DRAIN}", order: "\${ORDER}" }
`

const metadata = `
name: fronted
title: Updates
description: For tests.
main: web
parameters:
  - { name: IMAGE, config: docker.image, description: An image with BusyBox }
  - { name: VERSION, description: What the page says, default: "1" }
  - { name: MOOD, description: How the version fails, default: "good" }
  - { name: ORDER, description: start-first or stop-first, default: "start-first" }
  - { name: DRAIN, description: How long requests in flight may take, default: "20s" }
  - { name: MONITOR, description: How long a new version is watched, default: "1s" }
  - { name: REPLICAS, description: How many, default: "1" }
ingress:
  routes:
    - { path: /, service: web, port: 80 }
    - { path: /echo, service: web, port: 81 }
`

/** As files of a home. */
export const frontedTemplate: { readonly [path: string]: string } = {
  'templates/fronted/template.yml': metadata,
  'templates/fronted/compose.yml': compose,
}
