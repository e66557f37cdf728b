import { expect, test } from 'vitest'
import { parseConfig } from '../../src/core/config/index.ts'

const config = (updates: object) => parseConfig(`version: 3.0.0\nupdates: ${JSON.stringify(updates)}\n`, 'config.yml')
const KEY = 'RWSFWgl54T4XhyYDM7cHzMQHMDYEro+0XbOUThGgxjoykthvczX41C0h'
const PEM = `-----BEGIN PUBLIC KEY-----\n${'MFkwEwYHKoZI'.repeat(10)}\n-----END PUBLIC KEY-----\n`

test.each([
  [{ manifest: 'https://releases.example.org/app.yml' }],
  [{ manifest: 'http://127.0.0.1:8080/app.yml' }],
  [{ manifest: '/srv/releases/app.yml' }],
  [{ manifest: 'C:\\releases\\app.yml' }],
  [{ manifest: '../releases.json' }],
  [{ manifestKey: KEY, cosignKey: PEM }],
])('%j is accepted', (updates) => expect(config(updates).document.config.updates).toEqual(updates))

test.each([
  [{ manifest: 'http://releases.example.org/app.yml' }],
  [{ manifest: 'https://ada:secret@releases.example.org/app.yml' }],
  [{ manifest: 'file:///srv/app.yml' }],
  [{ manifest: '' }],
  [{ manifestKey: 'RWshort' }],
  [{ cosignKey: 'cosign.pub' }],
  [{ cosignKey: PEM.replaceAll('PUBLIC', 'PRIVATE') }],
])('%j is refused', (updates) =>
  expect(() => config(updates)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' })),
)
