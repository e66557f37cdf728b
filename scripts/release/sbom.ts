import { createHash } from 'node:crypto'

/** A piece of somebody else's software that is inside the executable. */
export interface Component {
  readonly name: string
  readonly version: string
  /** An SPDX expression. */
  readonly license: string
  /** https://github.com/package-url/purl-spec */
  readonly purl: string
}

export interface Product {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly description: string
}

/** What is inside, in the form of CycloneDX 1.6 (JSON). `at`: seconds since 1970. The same contents give the same text. */
export function sbom(product: Product, components: readonly Component[], at: number): string {
  const purl = `pkg:generic/${product.name}@${product.version}`
  const parts = components.toSorted((a, b) => (a.purl < b.purl ? -1 : 1))
  const body = {
    version: 1,
    metadata: {
      timestamp: new Date(at * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': purl,
        name: product.name,
        version: product.version,
        description: product.description,
        licenses: licences(product.license),
        purl,
      },
    },
    components: parts.map((part) => ({
      type: part.purl.startsWith('pkg:npm/') ? 'library' : 'platform',
      'bom-ref': part.purl,
      ...groupAndName(part.name),
      version: part.version,
      licenses: licences(part.license),
      purl: part.purl,
    })),
    dependencies: [{ ref: purl, dependsOn: parts.map((part) => part.purl) }],
  }
  const head = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
  }
  return `${JSON.stringify({ ...head, serialNumber: serialNumber(body), ...body }, null, 2)}\n`
}

/** The purl of an npm package: the @ of a scope is encoded. */
export function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

function groupAndName(name: string): { readonly group?: string; readonly name: string } {
  const [scope = '', rest] = name.split('/')
  return rest === undefined ? { name } : { group: scope, name: rest }
}

function licences(expression: string) {
  return /[ ()]/.test(expression) ? [{ expression }] : [{ license: { id: expression } }]
}

/** A UUID made from the contents (RFC 9562, version 8), not from chance. */
function serialNumber(body: object): string {
  const bytes = createHash('sha256').update(JSON.stringify(body)).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`
}
