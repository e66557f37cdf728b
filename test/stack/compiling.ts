import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseConfig, resolveConfig } from '../../src/core/config/index.ts'
import { type Compiled, compile, createSelfSignedCertificate, loadTemplate } from '../../src/core/stack/index.ts'

export const templatesDir = fileURLToPath(new URL('../../templates', import.meta.url))

/** Secrets with everything that could be read as something else. */
export const secrets = {
  database: `it's "5 $HOME \\ \${X} # %`,
  minio: 'minio-secret-value',
  jwt: 'f'.repeat(64),
  grafana: '$$two',
}

export const certificate = createSelfSignedCertificate(['lab.example.org'], new Date('2026-01-01T00:00:00Z'))

/** A config of the DDALAB template with all its required secrets, and these lines. */
export function ddalabConfig(lines = ''): string {
  return `version: 3.0.0
database: {password: ${JSON.stringify(secrets.database)}}
storage: {minio: {secretKey: ${secrets.minio}}}
auth: {jwtSecret: ${secrets.jwt}}
${lines}`
}

/** Compiles a config text of one of the project's templates. */
export async function compileText(
  text: string,
  { workingDir = '/srv/lab', project = 'lab', directory = templatesDir } = {},
): Promise<Compiled> {
  const { document } = parseConfig(text, 'deployment-config.yml')
  const template = await loadTemplate(join(directory, document.config.template ?? 'ddalab'))
  const config = resolveConfig(document.config, template.defaults)
  return compile({ config, template, project, workingDir, home: '/home/lab', certificate })
}
