import { describe, expect, test } from 'vitest'
import { canonicalReference, familiarReference, parseReference } from '../../src/core/stack/reference.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('image references', () => {
  test.each([
    ['ubuntu', 'docker.io/library/ubuntu:latest', 'ubuntu:latest'],
    ['ubuntu:24.04', 'docker.io/library/ubuntu:24.04', 'ubuntu:24.04'],
    ['sdraeger1/ddalab', 'docker.io/sdraeger1/ddalab:latest', 'sdraeger1/ddalab:latest'],
    ['docker.io/ubuntu', 'docker.io/library/ubuntu:latest', 'ubuntu:latest'],
    ['index.docker.io/a/b:1', 'docker.io/a/b:1', 'a/b:1'],
    ['docker.io/library/a/b', 'docker.io/library/a/b:latest', 'library/a/b:latest'],
    ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
    ['127.0.0.1:5000/lab/app:1.0.0', '127.0.0.1:5000/lab/app:1.0.0', '127.0.0.1:5000/lab/app:1.0.0'],
    ['[::1]:5000/app', '[::1]:5000/app:latest', '[::1]:5000/app:latest'],
    ['Registry/app', 'Registry/app:latest', 'Registry/app:latest'],
    [`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`],
    [`a:1@${digest}`, `docker.io/library/a:1@${digest}`, `a:1@${digest}`],
  ])('%s is %s', (text, canonical, familiar) => {
    const reference = parseReference(text)
    expect(reference && canonicalReference(reference)).toBe(canonical)
    expect(reference && familiarReference(reference)).toBe(familiar)
  })

  test.each([
    '',
    'Ubuntu',
    'a/B',
    'a//b',
    'a:',
    'a:-x',
    '/a',
    'a/',
    'a@sha256:123',
    `a@${digest}@${digest}`,
    'http://a/b',
    'a b',
    'a'.repeat(64),
    'a___b',
    '-a',
    'host:port/a',
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined()
  })
})
