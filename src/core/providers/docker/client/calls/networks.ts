import { list } from '../decode.ts'
import type { NetworkCalls } from '../engine.ts'
import { networkShape } from '../shapes.ts'
import { type Access, alreadyWhen, attempt, effect, filters, lookUp, wire } from './call.ts'

export function networkCalls({ get, docker }: Access): NetworkCalls {
  const network = async (nameOrId: string) => (await docker()).getNetwork(nameOrId)
  return {
    list: ({ name, labels } = {}) =>
      attempt('list networks', async () => {
        const answer = await get('/networks', { query: filters({ name, ...(labels && { labels }) }) })
        const found = list(networkShape)(answer, 'networks')
        return name === undefined ? found : found.filter(({ Name }) => Name === name)
      }),

    inspect: async (nameOrId) => {
      const answer = await lookUp(`inspect network ${nameOrId}`, () => get(`/networks/${nameOrId}`))
      const found = answer && networkShape(answer, 'network')
      // The engine also takes the beginning of an id (rule 35).
      return found?.Id === nameOrId || found?.Name === nameOrId ? found : undefined
    },

    create: (body) =>
      attempt(`create network ${body.Name}`, async () => {
        // The engine allows several networks of one name; we do not.
        const created = await (await docker()).createNetwork({
          ...wire({ body: { ...body, CheckDuplicate: true } }),
          Name: body.Name,
        })
        return created.id
      }),

    connect: (id, container, endpoint) =>
      attempt(`connect container ${container} to network ${id}`, async () =>
        (await network(id)).connect({
          ...wire({ body: { Container: container, EndpointConfig: endpoint ?? {} } }),
          Container: container,
        }),
      ),

    disconnect: (id, container) =>
      effect(
        `disconnect container ${container} from network ${id}`,
        async () => (await network(id)).disconnect(wire({ body: { Container: container } })),
        {
          404: 'absent',
          403: alreadyWhen(/is not connected/),
          500: alreadyWhen(/is not connected/),
        },
      ),

    remove: (id) => effect(`remove network ${id}`, async () => (await network(id)).remove(), { 404: 'absent' }),
  }
}
