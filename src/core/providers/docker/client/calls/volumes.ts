import { list, record } from '../decode.ts'
import type { VolumeCalls } from '../engine.ts'
import { volumeShape } from '../shapes.ts'
import { attempt, type Docker, effect, filters, lookUp, wire } from './call.ts'

const listShape = record({ Volumes: list(volumeShape) })

export function volumeCalls(docker: Docker): VolumeCalls {
  return {
    list: ({ name, labels } = {}) =>
      attempt('list volumes', async () => {
        const answer = await docker.listVolumes(wire({ query: filters({ name, ...(labels && { labels }) }) }))
        const found = listShape(answer, 'volumes').Volumes
        return name === undefined ? found : found.filter(({ Name }) => Name === name)
      }),

    inspect: async (name) => {
      const answer = await lookUp(`inspect volume ${name}`, () => docker.getVolume(name).inspect())
      return answer && volumeShape(answer, 'volume')
    },

    create: (body) =>
      attempt(`create volume ${body.Name}`, async () => {
        await docker.createVolume({ ...wire({ body }), Name: body.Name })
      }),

    remove: (name) => effect(`remove volume ${name}`, () => docker.getVolume(name).remove(), { 404: 'absent' }),
  }
}
