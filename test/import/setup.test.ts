import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configFromAnswers } from '../../src/core/actions/config-from-answers.ts'
import { resolveConfig } from '../../src/core/config/index.ts'
import { compile } from '../../src/core/stack/index.ts'
import { ddalab, imported, printed, SETUP, theSetup } from './support.ts'

const { config, notes, data, replaced } = imported(theSetup(), existsSync)
const here = (text: string) => text.replaceAll(SETUP, '.')

test('a DDALAB-setup folder becomes a config that says what it said, and nothing that is the default anyway', () => {
  expect(JSON.parse(here(JSON.stringify(config)))).toEqual({
    template: 'ddalab',
    api: { publicUrl: 'https://lab.example.org:8001' },
    web: { publicUrl: 'https://lab.example.org' },
    database: { password: 's3cret $ password' },
    storage: { minio: { secretKey: 'minioadmin' }, allowedDirs: ['/app/data', '/app/recordings'] },
    auth: { jwtSecret: '0123456789abcdef0123456789abcdef' },
    docker: {
      image: 'sdraeger1/ddalab:1.4.2',
      volumes: { './data': '/app/data', './recordings': '/app/recordings', 'dda-results': '/app/results' },
      volumeNames: { 'minio-data': 'lab-objects' },
      environmentOverrides: { API_ORIGIN: 'http://localhost:8001' },
    },
    images: { postgres: 'postgres:15-alpine', grafana: 'grafana/grafana:11.0.0' },
    resources: { ddalab: { cpus: 4, memory: '8g' } },
    profiles: ['monitoring'],
    ingress: { domain: 'lab.example.org', httpsPort: 8443 },
    ssl: { certPath: './certs/cert.pem', keyPath: './certs/key.pem' },
    parameters: { GRAFANA_ADMIN_PASSWORD: 'gra"fana' },
    variables: { DOMAIN: 'lab.example.org', LAB_NAME: 'Sleep lab', OMP_NUM_THREADS: '4' },
    secretVariables: {
      GRAFANA_PASSWORD: 'gra"fana',
      MINIO_ROOT_PASSWORD: 'minioadmin',
      SMTP_PASSWORD: 'mail-password',
    },
  })
})

test('every volume is found again where it is', () => {
  expect(data.map(({ source, service, target }) => `${service} ${target}: ${here(source)}`)).toEqual([
    'ddalab /app/data: ./data',
    'ddalab /app/recordings: ./recordings',
    'ddalab /app/results: ddalab_dda-results',
    'postgres /var/lib/postgresql/data: ddalab_postgres-data',
    'redis /data: ddalab_redis-data',
    'minio /data: lab-objects',
    'grafana /var/lib/grafana: ddalab_grafana-data',
  ])
  expect(replaced).toEqual(['db'])
})

test('what is not carried over is told, each thing with its line', () => {
  expect(printed(notes)).toMatchInlineSnapshot(`
    [
      "left out: variable TZ of db @60",
      "changed: mount /app/recordings of ddalab @32",
      "left out: mount /docker-entrypoint-initdb.d/init.sql of db @63",
      "left out: volume ddalab_pgadmin-data @126",
      "warning: label traefik.http.routers.web.middlewares of ddalab @45",
      "warning: label traefik.http.middlewares.lan-only.ipallowlist.sourcerange of ddalab @46",
      "left out: label com.centurylinklabs.watchtower.enable of ddalab @47",
      "left out: port 8080:8080 of traefik @99",
      "changed: image of traefik @91",
      "left out: port 5432:5432 of db @65",
      "left out: port 9001:9001 of minio @87",
      "changed: port 3005:3000 of grafana @118",
      "left out: container_name of ddalab @9",
      "replaced: depends_on of ddalab @34",
      "left out: container_name of db @55",
      "replaced: healthcheck of db @66",
      "replaced: command of redis @73",
      "replaced: command of traefik @92",
      "left out: mount /var/run/docker.sock of traefik @101",
      "left out: service pgadmin @105",
      "changed: service prometheus",
    ]
  `)
})

test('the config compiles with the template to containers that get the same environment and the same data', () => {
  const made = configFromAnswers(config, ddalab, randomBytes)
  const { stack } = compile({
    template: ddalab,
    config: resolveConfig(made.config, ddalab.defaults),
    project: 'ddalab',
    workingDir: '/instances/ddalab',
    certificate: { certificate: 'certificate', key: 'key' },
  })
  const { ddalab: app, postgres, minio } = stack.services
  expect(app?.environment).toMatchObject({
    DB_HOST: 'postgres',
    DB_PASSWORD: 's3cret $ password',
    NEXTAUTH_URL: 'https://lab.example.org',
    API_ORIGIN: 'http://localhost:8001',
    SMTP_PASSWORD: 'mail-password',
    OMP_NUM_THREADS: '4',
  })
  expect(postgres).toMatchObject({
    image: 'postgres:15-alpine',
    environment: { POSTGRES_PASSWORD: 's3cret $ password' },
  })
  expect(stack.volumes['postgres-data']?.name).toBe('ddalab_postgres-data')
  expect(stack.volumes['minio-data']).toMatchObject({ name: 'lab-objects', external: true })
  expect(minio?.mounts).toHaveLength(1)
  expect(made.generated).toEqual(['cache.redis.password'])
})
