import { dirname } from 'node:path'
import { CURRENT_VERSION, get, resolveConfig } from '../config/index.ts'
import { configPath, listTemplates, type Template } from '../stack/index.ts'
import { findTemplate, userTemplates } from './find-template.ts'
import type { World } from './world.ts'

export interface TemplateSummary {
  readonly name: string
  readonly title: string
  readonly description: string
  /** `built in`, or the user's own folder, which comes before a built-in one of the same name. */
  readonly origin: 'built in' | 'own'
}

/** The templates that `init --template` knows, by name. Errors: TEMPLATE_INVALID. */
export async function templates(world: World): Promise<readonly TemplateSummary[]> {
  const own = userTemplates(world)
  const found = await loadTemplates(world)
  return found.map((template) => summary(template, dirname(template.directory) === own ? 'own' : 'built in'))
}

/** The same as they are in their folders. */
export async function loadTemplates(world: World): Promise<readonly Template[]> {
  const [own, builtIn] = await Promise.all([
    listTemplates(userTemplates(world)),
    listTemplates(world.templatesDir, world.templateFiles),
  ])
  const byName = new Map([...builtIn, ...own].map((template) => [template.name, template]))
  return [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name))
}

/** What a person may want to know of a template before using it. */
export interface TemplateDetails {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly directory: string
  /** The service whose image `docker.image` replaces. */
  readonly main: string
  readonly parameters: readonly {
    readonly name: string
    /** Where it is set: `--set PATH=VALUE`. */
    readonly path: string
    readonly description: string
    readonly secret: boolean
    readonly required: boolean
    /** `init` makes a value. */
    readonly generated: boolean
    /** What holds where the config says nothing (in production), as the template writes it, with variables. */
    readonly default: string | null
  }[]
}

/** One template by its name. Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID. */
export async function template(world: World, templateName: string): Promise<TemplateDetails> {
  const { name, title, description, directory, main, parameters, defaults } = await findTemplate(world, templateName)
  const { config } = resolveConfig({ version: CURRENT_VERSION }, defaults)
  return {
    name,
    title,
    description,
    directory,
    main,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      path: configPath(parameter),
      description: parameter.description,
      secret: parameter.secret,
      required: parameter.required,
      generated: parameter.generate !== undefined,
      default: textOf(get(config, configPath(parameter))) ?? parameter.default ?? null,
    })),
  }
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

function summary({ name, title, description }: Template, origin: TemplateSummary['origin']): TemplateSummary {
  return { name, title, description, origin }
}
