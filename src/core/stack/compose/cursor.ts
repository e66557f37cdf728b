import { didYouMean } from '../../config/did-you-mean.ts'
import type { Finding, Path } from './source.ts'

/** Receives what a reader has to say about the value at a path. */
export type Report = (path: Path, part: 'key' | 'value', finding: Omit<Finding, 'place'>) => void

/**
 * A value of a Compose file and where it is. Each reader asks for what it expects; what does not fit is reported with
 * its path, and reading goes on with undefined, so that all mistakes are told at once. Values are never shown: they may
 * be secret.
 */
export class Cursor {
  readonly value: unknown
  readonly path: Path
  readonly #report: Report

  constructor(value: unknown, path: Path, report: Report) {
    this.value = value
    this.path = path
    this.#report = report
  }

  /** False for what is not written, or written without a value. */
  get present(): boolean {
    return this.value !== undefined && this.value !== null
  }

  get isMap(): boolean {
    return asTree(this.value) !== undefined
  }

  get isList(): boolean {
    return Array.isArray(this.value)
  }

  get name(): string {
    return this.path.join('.')
  }

  get(key: string): Cursor {
    const tree = asTree(this.value)
    return this.#at(key, tree !== undefined && Object.hasOwn(tree, key) ? tree[key] : undefined)
  }

  /** Keys with their values; a complaint when it is no section. */
  entries(): readonly (readonly [string, Cursor])[] {
    if (!this.present) return []
    const tree = asTree(this.value)
    if (tree === undefined) {
      this.expected('a section: keys and values')
      return []
    }
    return Object.keys(tree).map((key) => [key, this.get(key)] as const)
  }

  items(): readonly Cursor[] {
    if (!this.present) return []
    if (!Array.isArray(this.value)) {
      this.expected('a list')
      return []
    }
    return this.value.map((item: unknown, index) => this.#at(index, item))
  }

  /** A text; numbers and booleans as Compose writes them. */
  text(): string | undefined {
    const { value } = this
    if (!this.present) return undefined
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
    return this.expected('a text')
  }

  boolean(): boolean | undefined {
    if (!this.present) return undefined
    if (typeof this.value === 'boolean') return this.value
    const word = typeof this.value === 'string' ? this.value.toLowerCase() : ''
    if (['true', '1', 't', 'y', 'yes', 'on'].includes(word)) return true
    if (['false', '0', 'f', 'n', 'no', 'off'].includes(word)) return false
    return this.expected('true or false')
  }

  number(): number | undefined {
    if (!this.present) return undefined
    const { value } = this
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'string' && /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(value)) return Number(value)
    return this.expected('a number')
  }

  integer(): number | undefined {
    const number = this.number()
    return number === undefined || Number.isInteger(number) ? number : this.expected('a whole number')
  }

  oneOf<const Word extends string>(words: readonly Word[]): Word | undefined {
    const text = this.text()
    if (text === undefined) return undefined
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    const meant = didYouMean(text, words)
    this.error(
      `${this.name} must be one of ${words.join(', ')}`,
      meant === undefined ? undefined : `Did you mean ${meant}?`,
    )
    return undefined
  }

  /** Reports every key that is not known; `x-` keys are for others. */
  onlyKeys(known: readonly string[]): void {
    for (const [key, child] of this.entries()) {
      if (known.includes(key) || key.startsWith('x-')) continue
      const meant = didYouMean(key, known)
      child.onKey(
        'error',
        `${child.name} is not a key of Compose files`,
        meant === undefined ? undefined : `Did you mean ${meant}?`,
      )
    }
  }

  error(message: string, hint?: string): void {
    this.#report(this.path, 'value', finding('error', message, hint))
  }

  warn(message: string, hint?: string): void {
    this.#report(this.path, 'value', finding('warning', message, hint))
  }

  onKey(severity: Finding['severity'], message: string, hint?: string): void {
    this.#report(this.path, 'key', finding(severity, message, hint))
  }

  expected(what: string): undefined {
    this.error(`${this.name} must be ${what}`)
  }

  #at(step: string | number, value: unknown): Cursor {
    return new Cursor(value, [...this.path, step], this.#report)
  }
}

function asTree(value: unknown): { readonly [key: string]: unknown } | undefined {
  const isTree = (candidate: unknown): candidate is { readonly [key: string]: unknown } =>
    candidate !== null && typeof candidate === 'object' && !Array.isArray(candidate)
  return isTree(value) ? value : undefined
}

function finding(severity: Finding['severity'], message: string, hint: string | undefined): Omit<Finding, 'place'> {
  return { severity, code: 'TEMPLATE_INVALID', message, ...(hint !== undefined && { hint }) }
}
