import type { Service } from '../stack/model.ts'
import type { Template } from '../stack/template.ts'
import type { Roles } from './roles.ts'
import type { Source } from './source.ts'

/** What the parts of the mapping look at. */
export interface Context {
  readonly source: Source
  readonly template: Template
  /** The template's services, with marks where parameters will be. */
  readonly wanted: { readonly [name: string]: Service }
  readonly roles: Roles
  /** Name of the instance to be: its Compose project. */
  readonly instance: string
  /** Whether a file of the host is there. */
  readonly fileExists: (path: string) => boolean
}
