import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Instance } from './instance.ts'

/** Those of these secrets that are in this text, also as JSON, in an address or in base64. */
export function secretsIn(text: string, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => {
    const forms = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]
    return forms.some((form) => text.includes(form))
  })
}

/**
 * Where secrets may be: files that only their owner can read, below directories of the same kind. The journal has none at
 * all, nor the config, where they are encrypted.
 */
export async function expectSecretsKept(instance: Instance, secrets: readonly string[]): Promise<void> {
  const open: string[] = []
  for (const file of await instance.files()) {
    const found = secretsIn(await readFile(join(instance.directory, file), 'utf8'), secrets).length > 0
    const isPrivate = (await instance.modeOf(file)) === '600'
    const mustBePrivate =
      found || /^journal\/|^lease\/|^releases\/|^\.env$|^deployment-config\.yml$|key\.pem$/.test(file)
    if (mustBePrivate && !isPrivate) open.push(`${file} is open to others`)
    if (found && /^(?:journal|lease|config-backups)\/|^deployment-config/.test(file))
      open.push(`${file} holds a secret`)
  }
  for (const directory of ['', 'journal', 'lease', 'releases']) {
    const mode = (await stat(join(instance.directory, directory))).mode & 0o777
    if (mode !== 0o700) open.push(`directory ${directory} is open to others`)
  }
  expect(open).toEqual([])
}

/** Looks at the arguments of every process of this machine, those in containers included. */
export async function secretsInArguments(secrets: readonly string[]): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => secretsIn(line, secrets).length > 0)
}
