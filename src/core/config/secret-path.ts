import { formatPath, type Path } from './path.ts'
import { isSecretSchemaPath } from './schema-walk.ts'

/**
 * Whether the value at a path is secret: by the schema (also in `secretVariables`, and below `environments`), or as a secret
 * parameter of the template, given by their dotted paths (`parameters.NAME`).
 */
export function isSecretPath(path: Path, templateSecrets: readonly string[]): boolean {
  if (isSecretSchemaPath(path)) return true
  const [section, , ...overlaid] = path
  return templateSecrets.includes(formatPath(section === 'environments' ? overlaid : path))
}
