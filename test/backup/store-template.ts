import { labImages } from '../lab/lab.ts'

export const metadata = `name: store
title: Store
description: Everything that holds data.
main: app
singleWriter: [db, cache, s3]
parameters:
  - { name: IMAGE, config: docker.image, description: An image }
  - { name: DB_PASSWORD, config: database.password, description: a password, secret: true, required: true }
data:
  - { name: database, kind: postgres, service: db }
  - { name: cache, kind: redis, service: cache }
  - { name: objects, kind: s3, service: s3, volume: objects, bucket: results }
  - { name: files, kind: volume, service: app, volume: files }
`

export const compose = `
services:
  app:
    image: \${IMAGE}
    command: [sh, -c, 'trap exit TERM; while :; do sleep 1 & wait; done']
    volumes: ["files:/srv/files"]
    stop_signal: SIGKILL
    restart: unless-stopped
    depends_on:
      db: { condition: service_healthy }
      cache: { condition: service_healthy }
  # Writes a row after the other, and says each that was committed.
  writer:
    image: ${labImages.postgres}
    entrypoint: [bash, -c]
    command:
      - |
        trap exit TERM
        # Another range after each start.
        n=$$(date +%s)00000
        while :; do
          if psql -q -h db -U lab -d lab -c "INSERT INTO ledger (n) VALUES ($$n)" 2>/dev/null; then echo $$n; fi
          n=$$((n + 1))
        done
    environment: { PGPASSWORD: "\${DB_PASSWORD}" }
    profiles: [writing]
    stop_signal: SIGKILL
    restart: unless-stopped
    depends_on:
      db: { condition: service_healthy }
  db:
    image: ${labImages.postgres}
    environment: { POSTGRES_USER: lab, POSTGRES_DB: lab, POSTGRES_PASSWORD: "\${DB_PASSWORD}" }
    volumes: ["db:/var/lib/postgresql/data"]
    restart: unless-stopped
    healthcheck: { test: pg_isready -h 127.0.0.1 -U lab, interval: 1s, timeout: 5s, retries: 60 }
  cache:
    image: ${labImages.redis}
    command: [/usr/local/etc/redis.conf, --appendonly, "\${APPENDONLY}"]
    environment: { REDISCLI_AUTH: "\${DB_PASSWORD}" }
    configs:
      - { source: redis, target: /usr/local/etc/redis.conf }
    volumes: ["cache:/data"]
    restart: unless-stopped
    healthcheck: { test: redis-cli ping | grep -q PONG, interval: 1s, timeout: 5s, retries: 60 }
  s3:
    image: ${labImages.s3}
    environment: { MINIO_ROOT_USER: lab, MINIO_ROOT_PASSWORD: "\${DB_PASSWORD}" }
    volumes: ["objects:/data"]
    restart: unless-stopped
    healthcheck: { test: mc ready local, interval: 1s, timeout: 5s, retries: 60 }
volumes: { db: , cache: , objects: , files: }
configs:
  redis:
    content: |
      requirepass '\${DB_PASSWORD}'
`

/** The same as files of a home, in place of the template \`small\` of other tests; its password is generated. */
export const storeTemplates: { readonly [path: string]: string } = {
  'templates/small/template.yml': metadata
    .replace('name: store', 'name: small')
    .replace('secret: true, required', 'secret: true, generate: password, required')
    .replace(
      'data:\n',
      '  - { name: APPENDONLY, description: yes or no, default: "yes" }\n  - { name: PORT, description: of no use }\ndata:\n',
    ),
  'templates/small/compose.yml': compose,
}

/** A request to the S3 server, signed, from inside its container. */
export const S3_CLIENT = `
import hashlib, os, sys, urllib.request
from datetime import datetime, timezone
from sigv4 import signature
method, path, body = sys.argv[1], sys.argv[2], sys.argv[3].encode()
now = datetime.now(timezone.utc)
payload = hashlib.sha256(body).hexdigest()
headers = {"host": "127.0.0.1:9000", "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}", "x-amz-content-sha256": payload}
scope, names = f"{now:%Y%m%d}/us-east-1/s3/aws4_request", sorted(headers)
signed = signature(os.environ["MINIO_ROOT_PASSWORD"], scope, method, path, "", headers, names, payload)
user = os.environ["MINIO_ROOT_USER"]
headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={user}/{scope}, SignedHeaders={';'.join(names)}, Signature={signed}"
request = urllib.request.Request(f"http://127.0.0.1:9000{path}", data=body or None, headers=headers, method=method)
try:
    with urllib.request.urlopen(request) as answer: print(answer.read().decode())
except urllib.error.HTTPError as error: print(error.code)
`
