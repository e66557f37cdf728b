import { formatSize } from '../stack/compose/units.ts'
import type { Service } from '../stack/model.ts'
import type { Context } from './context.ts'
import { joined, note, type Part, type Setting, type SourceService } from './source.ts'
import { templateProfiles } from './template-services.ts'

/** Images, limits and optional groups of services. */
export function mapImages(context: Context): Part {
  const { roles, template, wanted } = context
  const parts = Object.entries(roles.services).map(([role, service]): Part => {
    const image = imageOf(service.service, context)
    const path = role === template.main ? 'docker.image' : `images.${role}`
    const differs = role === template.main || image !== wanted[role]?.image
    return {
      settings: [...(differs ? [{ path, value: image }] : []), ...limits(role, service.service)],
      notes: service.service.image === '' ? [built(service, image)] : [],
    }
  })
  return joined([...parts, profiles(context)])
}

/** What is built and has no name of its own is named so by Compose. */
function imageOf({ image, name }: Service, { source }: Context): string {
  return image === '' ? `${source.project}-${name}` : image
}

function built(service: SourceService, image: string) {
  const why = `it is built in its folder, which ddalab does not do; the image that Compose built, ${image}, is used`
  return note('warning', `build of ${service.service.name}`, why, service.place('build'))
}

function limits(role: string, { resources }: Service): readonly Setting[] {
  const { cpus, memory } = resources
  return [
    ...(cpus === undefined ? [] : [{ path: `resources.${role}.cpus`, value: cpus }]),
    ...(memory === undefined ? [] : [{ path: `resources.${role}.memory`, value: sizeOf(memory) }]),
  ]
}

/** As people write it, where the schema has the unit. */
function sizeOf(bytes: number): string | number {
  const text = formatSize(bytes)
  return /^\d+[kmg]$/.test(text) ? text : bytes
}

/** The template's profiles whose services run in the source; and what is not switched on there. */
function profiles({ roles, template }: Context): Part {
  const optional = templateProfiles(template)
  const present = Object.entries(roles.services)
  const active = present.filter(([, service]) => service.active).flatMap(([role]) => optional[role] ?? [])
  const chosen = [...new Set(active)]
  const idle = present.filter(([role, service]) => !service.active && optional[role] === undefined)
  return {
    settings: chosen.length === 0 ? [] : [{ path: 'profiles', value: chosen }],
    notes: idle.map(([role, service]) =>
      note(
        'changed',
        `service ${service.service.name}`,
        `it is not switched on; the template always runs ${role}`,
        service.place('profiles'),
      ),
    ),
  }
}
