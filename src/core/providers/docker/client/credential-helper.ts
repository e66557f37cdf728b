import { builtin } from './builtin.ts'
import type { RunCredentialHelper } from './credentials.ts'

/** Asks the helper that the Docker CLI would ask. Its stderr is dropped: it may hold anything. */
export const runCredentialHelper: RunCredentialHelper = (name, registry) =>
  new Promise((resolve, reject) => {
    const child = builtin.childProcess.spawn(`docker-credential-${name}`, ['get'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
    })
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? 1, stdout }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(registry)
  })
