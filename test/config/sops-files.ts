import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseDocument } from '../../src/core/config/document.ts'
import { type Path, secretPaths } from '../../src/core/config/index.ts'
import { seal, type Unsealed, type UnsealOptions, unseal } from '../../src/core/config/sops/index.ts'

/** Keys that were published with the files in `fixtures/sops`; see its README. */
export const KEYS = {
  rops: 'AGE-SECRET-KEY-1EQUCGFZH8UZKSZ0Z5N5T234YRNDT4U9H7QNYXWRRNJYDDVXE6FWSCPGNJ7',
  several: 'AGE-SECRET-KEY-1QXRVEJH9S4NQU0FPD6V79ESZQ8S6PXH3L8V40EVPTHFH6KNKD4DQ7SKC4P',
  flux: 'AGE-SECRET-KEY-1RH87A5Z54ZGUR9S0AS3R6WHFSEFNPLYMAKF5Z2CEU7R06VRJ0A3Q7242AM',
}

export const RECIPIENTS = {
  rops: 'age1se5ghfycr4n8kcwc3qwf234ymvmr2lex2a99wh8gpfx97glwt9hqch4569',
  several: 'age1je6kjhzuhdjy3fqptpttxjh5k8q46vygzlgtpuq3030c947pc5tqz9dqvr',
  flux: 'age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4qufys29',
}

export const NOW = new Date('2026-11-21T10:00:00.123Z')
export const LATER = new Date('2026-11-22T10:00:00.000Z')

export function madeByOthers(name: string): string {
  return readFileSync(new URL(`fixtures/sops/${name}.yaml`, import.meta.url), 'utf8')
}

export function open(text: string, key: string = KEYS.rops, options: UnsealOptions = {}): Promise<Unsealed> {
  return unseal(parseDocument(text, 'config.yml'), { keys: [key], lookedIn: ['identity.txt'] }, options)
}

export const isSecret = (path: Path) => secretPaths.includes(path.join('.')) || path[0] === 'secretVariables'

interface Sealing {
  readonly former?: Unsealed
  readonly recipients?: readonly string[]
  readonly now?: Date
  readonly isSecret?: (path: Path) => boolean
}

export function sealed(text: string, options: Sealing = {}): Promise<string> {
  const recipients = async () => options.recipients ?? [RECIPIENTS.rops]
  return seal(text, 'config.yml', { isSecret, now: NOW, randomBytes, ...options, recipients })
}
