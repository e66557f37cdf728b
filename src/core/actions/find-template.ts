import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTemplate, type Template } from '../stack/index.ts'
import type { World } from './world.ts'

/** A template by name: the user's own come before those that the program brings. Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID. */
export async function findTemplate(world: World, name: string): Promise<Template> {
  const own = join(userTemplates(world), name)
  const isOwn = await access(own).then(
    () => true,
    () => false,
  )
  return isOwn ? loadTemplate(own) : loadTemplate(join(world.templatesDir, name), world.templateFiles)
}

export function userTemplates({ environment }: World): string {
  return join(environment.configHome, 'templates')
}
