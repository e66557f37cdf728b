import { list } from '../decode.ts'
import type { NetworkCalls } from '../engine.ts'
import { networkShape } from '../shapes.ts'
import { alreadyWhen, attempt, type Docker, effect, filters, lookUp, wire } from './call.ts'

export function networkCalls(docker: Docker): NetworkCalls {
  const network = (nameOrId: string) => docker.getNetwork(nameOrId)
  return {
    list: ({ name, labels } = {}) =>
      attempt('list networks', async () => {
        const answer = await docker.listNetworks(wire({ query: filters({ name, ...(labels && { labels }) }) }))
        const found = list(networkShape)(answer, 'networks')
        return name === undefined ? found : found.filter(({ Name }) => Name === name)
      }),

    inspect: async (nameOrId) => {
      const answer = await lookUp(`inspect network ${nameOrId}`, () => network(nameOrId).inspect())
      const found = answer && networkShape(answer, 'network')
      // The engine also takes the beginning of an id (rule 35).
      return found?.Id === nameOrId || found?.Name === nameOrId ? found : undefined
    },

    create: (body) =>
      attempt(`create network ${body.Name}`, async () => {
        // The engine allows several networks of one name; we do not.
        const created = await docker.createNetwork({
          ...wire({ body: { ...body, CheckDuplicate: true } }),
          Name: body.Name,
        })
        return created.id
      }),

    connect: (id, container, endpoint) =>
      attempt(`connect container ${container} to network ${id}`, () =>
        network(id).connect({
          ...wire({ body: { Container: container, EndpointConfig: endpoint ?? {} } }),
          Container: container,
        }),
      ),

    disconnect: (id, container) =>
      effect(
        `disconnect container ${container} from network ${id}`,
        () => network(id).disconnect(wire({ body: { Container: container } })),
        {
          404: 'absent',
          403: alreadyWhen(/is not connected/),
          500: alreadyWhen(/is not connected/),
        },
      ),

    remove: (id) => effect(`remove network ${id}`, () => network(id).remove(), { 404: 'absent' }),
  }
}
