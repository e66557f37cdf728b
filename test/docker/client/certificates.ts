import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsMaterial } from '../../../src/core/providers/docker/client/index.ts'

/** A CA of its own, and certificates of it for a server on 127.0.0.1 and for a client. */
export function makeCertificates(): { readonly server: Required<TlsMaterial>; readonly client: Required<TlsMaterial> } {
  const folder = mkdtempSync(join(tmpdir(), 'ddalab-tls-'))
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  try {
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test CA', '-days', '2')
    for (const name of ['server', 'client']) {
      writeFileSync(join(folder, 'ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n')
      openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext', '-days', '2']
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed)
    }
    const pair = (name: string) => ({ ca: read('ca.pem'), cert: read(`${name}.pem`), key: read(`${name}.key`) })
    return { server: pair('server'), client: pair('client') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
