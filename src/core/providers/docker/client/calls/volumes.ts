import { list, record } from '../decode.ts'
import type { VolumeCalls } from '../engine.ts'
import { volumeShape } from '../shapes.ts'
import { type Access, attempt, effect, filters, lookUp, wire } from './call.ts'

const listShape = record({ Volumes: list(volumeShape) })

export function volumeCalls({ get, docker }: Access): VolumeCalls {
  return {
    list: ({ name, labels } = {}) =>
      attempt('list volumes', async () => {
        const answer = await get('/volumes', { query: filters({ name, ...(labels && { labels }) }) })
        const found = listShape(answer, 'volumes').Volumes
        return name === undefined ? found : found.filter(({ Name }) => Name === name)
      }),

    inspect: async (name) => {
      const answer = await lookUp(`inspect volume ${name}`, () => get(`/volumes/${name}`))
      return answer && volumeShape(answer, 'volume')
    },

    create: (body) =>
      attempt(`create volume ${body.Name}`, async () => {
        await (await docker()).createVolume({ ...wire({ body }), Name: body.Name })
      }),

    remove: (name) =>
      effect(`remove volume ${name}`, async () => (await docker()).getVolume(name).remove(), { 404: 'absent' }),
  }
}
