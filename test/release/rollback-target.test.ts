import { describe, expect, it } from 'vitest'
import { imageChanges } from '../../src/core/actions/rollback/image-changes.ts'
import { withPresentCertificates } from '../../src/core/actions/rollback/target.ts'
import type { Release } from '../../src/core/release/index.ts'
import { aStack } from '../support/stack.ts'

const file = (path: string, content: string) => ({ path, content, secret: false, services: [], reloadable: true })
const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`

describe('going back', () => {
  it('leaves certificates as they are: those of the past may have expired', () => {
    const then = aStack('lab', [], { files: [file('certs/cert.pem', pem('old')), file('routes.yml', 'old')] })
    const now = aStack('lab', [], { files: [file('certs/cert.pem', pem('new')), file('routes.yml', 'new')] })
    const contents = withPresentCertificates(then, now).files.map(({ content }) => content)
    expect(contents).toEqual([pem('new'), 'old'])
    expect(withPresentCertificates(then, undefined)).toEqual(then)
  })

  it('tells the images that are not the same, by service', () => {
    const release = (images: { readonly [service: string]: string }): Release => ({
      ...{ id: 'r-0001', version: '1', deployedAt: '', deployedBy: '', command: '' },
      images: Object.fromEntries(
        Object.entries(images).map(([service, imageId]) => [service, { reference: `${service}:1`, imageId }]),
      ),
    })
    const changes = imageChanges(release({ db: 'a', web: 'b', new: 'c' }), release({ db: 'a', web: 'x', old: 'y' }))
    expect(changes.map(({ service, from, to }) => `${service}: ${from?.imageId} -> ${to?.imageId}`)).toEqual([
      'new: c -> undefined',
      'old: undefined -> y',
      'web: b -> x',
    ])
  })
})
