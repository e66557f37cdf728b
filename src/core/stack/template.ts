import { basename, join } from 'node:path'
import * as z from 'zod'
import { parseDocument } from '../config/document.ts'
import { formatPath, type Path } from '../config/path.ts'
import type { DefaultsTree } from '../config/resolve.ts'
import { defaultsSchema } from '../config/schema.ts'
import { DdalabError, type Problem, problemsError } from '../errors.ts'
import { type ComposeSource, parseSource } from './compose/index.ts'
import { diskFiles, type TemplateFiles } from './template-files.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and dashes')
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable')
/** A number, or a text with variables that becomes one. */
const port = z.union([z.int(), z.string()]).transform(String)
const seconds = z.number().positive()

const parameter = z.strictObject({
  name: variable,
  description: z.string(),
  /** Where the value is in the config; `parameters.NAME` when it is nowhere else. */
  config: z.string().optional(),
  secret: z.boolean().default(false),
  /** How `init` makes a value. */
  generate: z.enum(['password', 'hex']).optional(),
  /** Nothing works without it; with `profile`, only when that profile is active. */
  required: z.boolean().default(false),
  profile: z.string().optional(),
  /** A text over the parameters above it and the built-in variables. */
  default: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
})

const route = z.strictObject({
  entry: name.optional(),
  path: z.string().startsWith('/'),
  strip: z.boolean().default(false),
  service: z.string(),
  port,
})

const ingress = z.strictObject({
  entries: z.array(z.strictObject({ name, port })).default([]),
  routes: z.array(route).min(1),
})

const common = { name: z.string(), service: z.string(), timeout: seconds.default(10) }
const probe = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('http'), url: z.string(), expect: z.array(z.int()).default([200]) }),
  /** Through the ingress: the main entry, or the one that is named. */
  z.strictObject({
    ...common,
    type: z.literal('ingress'),
    entry: name.optional(),
    path: z.string().startsWith('/'),
    expect: z.array(z.int()).default([200]),
  }),
  z.strictObject({ ...common, type: z.literal('tcp'), host: z.string(), port }),
  z.strictObject({ ...common, type: z.literal('command'), command: z.array(z.string()).min(1) }),
  z.strictObject({ ...common, type: z.literal('dependency'), target: z.string(), port }),
])

const held = { name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be letters, digits, . _ -'), service: z.string() }
/** Names of variables of the container; those of the official images when left out. */
const source = z.discriminatedUnion('kind', [
  z.strictObject({
    ...held,
    kind: z.literal('postgres'),
    user: variable.optional(),
    database: variable.optional(),
    password: variable.optional(),
  }),
  z.strictObject({ ...held, kind: z.literal('redis'), password: variable.optional() }),
  z.strictObject({ ...held, kind: z.literal('s3'), volume: z.string(), bucket: z.string().optional() }),
  z.strictObject({ ...held, kind: z.literal('volume'), volume: z.string(), live: z.boolean().default(false) }),
])

const templateSchema = z.strictObject({
  name,
  title: z.string(),
  description: z.string(),
  main: z.string(),
  parameters: z.array(parameter).default([]),
  defaults: z
    .strictObject({
      all: defaultsSchema.optional(),
      development: defaultsSchema.optional(),
      staging: defaultsSchema.optional(),
      production: defaultsSchema.optional(),
    })
    .default({}),
  ingress: ingress.optional(),
  probes: z.array(probe).default([]),
  singleWriter: z.array(z.string()).default([]),
  data: z.array(source).optional(),
})

export type TemplateParameter = z.output<typeof parameter>
export type TemplateProbe = z.output<typeof probe>
export type TemplateData = z.output<typeof source>
export type TemplateIngress = z.output<typeof ingress>

/** A template as it is in its folder: `template.yml` checked, `compose.yml` parsed but not interpolated. */
export interface Template {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly directory: string
  readonly main: string
  readonly parameters: readonly TemplateParameter[]
  readonly defaults: DefaultsTree
  readonly ingress?: TemplateIngress | undefined
  readonly probes: readonly TemplateProbe[]
  readonly singleWriter: readonly string[]
  /** What is backed up; undefined: every named volume. */
  readonly data?: readonly TemplateData[] | undefined
  /** Path of `compose.yml`, for places. */
  readonly composeFile: string
  readonly compose: ComposeSource
}

/** Reads the template in a folder. Errors: TEMPLATE_NOT_FOUND; TEMPLATE_INVALID with all problems and their places. */
export async function loadTemplate(directory: string, files: TemplateFiles = diskFiles): Promise<Template> {
  const file = join(directory, 'template.yml')
  const composeFile = join(directory, 'compose.yml')
  const [metadata, compose] = await Promise.all([
    readText(files, file, directory),
    readText(files, composeFile, directory),
  ])
  const source = parseSource(compose, composeFile)
  const template = checkMetadata(metadata, file, source.findings)
  return { ...template, directory, composeFile, compose: source }
}

/** The templates in a directory of templates, by name; folders without `template.yml` are none. */
export async function listTemplates(
  templatesDir: string,
  files: TemplateFiles = diskFiles,
): Promise<readonly Template[]> {
  const folders = (await files.folders(templatesDir)).map((name) => join(templatesDir, name))
  const loaded = await Promise.all(folders.map((folder) => loadTemplate(folder, files).catch(notThere)))
  return loaded.filter((template) => template !== undefined)
}

function notThere(thrown: unknown): undefined {
  if (thrown instanceof DdalabError && thrown.code === 'TEMPLATE_NOT_FOUND') return undefined
  throw thrown
}

async function readText(files: TemplateFiles, file: string, directory: string): Promise<string> {
  try {
    return await files.read(file)
  } catch (cause) {
    throw new DdalabError('TEMPLATE_NOT_FOUND', `There is no template ${basename(directory)}: ${file} cannot be read`, {
      hint: 'Run "ddalab templates list" to see what there is.',
      cause,
    })
  }
}

function checkMetadata(text: string, file: string, more: readonly Problem[]): z.output<typeof templateSchema> {
  const document = parseDocument(text, file)
  const parsed = document.problems.length === 0 ? templateSchema.safeParse(document.data) : undefined
  const problems = [
    ...document.problems.map((problem): Problem => ({ ...problem, code: 'TEMPLATE_INVALID' })),
    ...(parsed?.error?.issues ?? []).flatMap((issue) => describe(issue, document.locate)),
    ...more,
  ]
  const [first, ...rest] = problems
  if (first !== undefined) throw problemsError([first, ...rest], `The template ${file} is not valid`)
  if (!parsed?.success) throw new DdalabError('UNEXPECTED', `${file} was refused without a reason`)
  return parsed.data
}

function describe(issue: z.core.$ZodIssue, locate: ReturnType<typeof parseDocument>['locate']): readonly Problem[] {
  const path: Path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'TEMPLATE_INVALID',
      message: `${formatPath([...path, key])} is not a key of templates`,
      hint: 'Correct or remove it.',
      place: locate([...path, key], 'key'),
    }))
  }
  const subject = path.length === 0 ? 'The template' : formatPath(path)
  return [
    { code: 'TEMPLATE_INVALID', message: `${subject}: ${issue.message}`, hint: 'Correct it.', place: locate(path) },
  ]
}
