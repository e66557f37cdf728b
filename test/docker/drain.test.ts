import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { lookUp } from '../../src/core/providers/docker/operations/drain.ts'
import { aFolder } from '../cli/temporary.ts'

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const rest = '00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 20 4 30 10 -1\n'
const ipv4 = (local: string, remote: string, state: string) => `   1: ${local} ${remote} ${state} ${rest}`
const mapped = (remote: string) =>
  `   2: 0000000000000000FFFF00000300A8C0:D431 0000000000000000FFFF0000${remote} 01 ${rest}`

test('of the connections of the ingress those are found that are open to a container, among any number of others', async () => {
  const [web, other, own] = ['0200A8C0:0050', '0400A8C0:0050', '0300A8C0:D431']
  const folder = aFolder()
  const tables = [join(folder, 'tcp'), join(folder, 'tcp6'), join(folder, 'absent')]
  const closed = ipv4(own, web, '06').repeat(20_000)
  const lines = [HEAD, ipv4(web, own, '01'), closed, ipv4(own, web, '01'), ipv4(own, other, '01'), closed]
  await writeFile(join(folder, 'tcp'), lines.join(''))
  await writeFile(join(folder, 'tcp6'), HEAD + mapped(web) + mapped(other))
  const [program = '', ...words] = lookUp(new Set(['192.168.0.2']), tables)
  // That a table is absent makes grep end with 2.
  const { stdout } = await promisify(execFile)(program, words).catch((thrown: { stdout: string }) => thrown)
  expect(stdout).toBe([HEAD, ipv4(own, web, '01'), HEAD, mapped(web)].join(''))
})
