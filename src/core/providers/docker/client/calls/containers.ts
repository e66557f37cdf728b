import { list } from '../decode.ts'
import type { ContainerCalls } from '../engine.ts'
import { containerShape, containerSummaryShape, topShape, waitShape } from '../shapes.ts'
import { type Access, alreadyWhen, attempt, effect, filters, lookUp, readable, wire } from './call.ts'

export function containerCalls({ get, docker }: Access): ContainerCalls {
  const container = async (id: string) => (await docker()).getContainer(id)
  return {
    list: ({ name, running, labels, network, volume, ancestor } = {}, options) =>
      attempt('list containers', async () => {
        const wanted = filters({ name, network, volume, ancestor, ...(labels && { labels }) })
        const answer = await get('/containers/json', { query: { all: running !== true, ...wanted }, ...options })
        const found = list(containerSummaryShape)(answer, 'containers')
        return name === undefined ? found : found.filter(({ Names }) => Names.includes(`/${name}`))
      }),

    inspect: async (id, options) => {
      const answer = await lookUp(`inspect container ${id}`, () => get(`/containers/${id}/json`, options))
      const found = answer && containerShape(answer, 'container')
      // The engine also takes the beginning of an id (rule 35).
      return found?.Id === id || found?.Name === `/${id}` ? found : undefined
    },

    create: ({ name, platform, body }) =>
      attempt(`create container ${name}`, async () => {
        const created = await (await docker()).createContainer(wire({ query: { name, platform }, body }))
        return { id: created.id }
      }),

    start: (id) => effect(`start container ${id}`, async () => (await container(id)).start(), { 304: 'already' }),

    stop: (id, { timeout, ...options } = {}) =>
      effect(
        `stop container ${id}`,
        async () => (await container(id)).stop(wire({ query: { t: timeout }, ...options })),
        {
          304: 'already',
          404: 'absent',
        },
      ),

    kill: (id, signal) =>
      effect(`kill container ${id}`, async () => (await container(id)).kill(wire({ query: { signal } })), {
        404: 'absent',
        409: alreadyWhen(/is not running/),
      }),

    pause: (id) =>
      effect(`pause container ${id}`, async () => (await container(id)).pause(), {
        409: alreadyWhen(/already paused/),
        500: alreadyWhen(/already paused/),
      }),

    unpause: (id) =>
      effect(`unpause container ${id}`, async () => (await container(id)).unpause(), {
        409: alreadyWhen(/is not paused/),
        // The engine may still take it for paused, by an event that came late; its runtime knows better.
        500: alreadyWhen(/is not paused|cannot resume a running process/),
      }),

    rename: (id, name) =>
      attempt(`rename container ${id} to ${name}`, async () => (await container(id)).rename(wire({ query: { name } }))),

    update: (id, body) => attempt(`update container ${id}`, async () => (await container(id)).update(wire({ body }))),

    remove: (id, { force, volumes } = {}) =>
      effect(
        `remove container ${id}`,
        async () => (await container(id)).remove(wire({ query: { force, v: volumes } })),
        {
          404: 'absent',
          409: alreadyWhen(/removal of container .* is already in progress/),
        },
      ),

    wait: (id, { condition = 'not-running', ...options } = {}) =>
      attempt(`wait for container ${id}`, async () => {
        const answer: unknown = await (await container(id)).wait(wire({ query: { condition }, ...options }))
        return waitShape(answer, 'wait').StatusCode
      }),

    top: (id) =>
      attempt(`list the processes of container ${id}`, async () => topShape(await get(`/containers/${id}/top`), 'top')),

    // dockerode buffers the whole log unless it is told to follow; the query says what we want.
    logs: (id, query, options) =>
      attempt(`read the log of container ${id}`, async () =>
        readable(await (await container(id)).logs({ ...wire({ query, ...options }), follow: true })),
      ),

    stats: (id, query, options) =>
      attempt(`read the statistics of container ${id}`, async () =>
        readable(await (await container(id)).stats({ ...wire({ query, ...options }), stream: true })),
      ),

    getArchive: (id, path, options) =>
      attempt(`read ${path} of container ${id}`, async () =>
        readable(await (await container(id)).getArchive(wire({ query: { path }, ...options }))),
      ),

    putArchive: (id, path, tar) =>
      attempt(`write ${path} of container ${id}`, async () => {
        await (await container(id)).putArchive(tar, wire({ query: { path } }))
      }),
  }
}
