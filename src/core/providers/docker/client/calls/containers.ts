import { list } from '../decode.ts'
import type { ContainerCalls } from '../engine.ts'
import { containerShape, containerSummaryShape, topShape, waitShape } from '../shapes.ts'
import { alreadyWhen, attempt, type Docker, effect, filters, lookUp, readable, wire } from './call.ts'

export function containerCalls(docker: Docker): ContainerCalls {
  const container = (id: string) => docker.getContainer(id)
  return {
    list: ({ name, running, labels, network, volume, ancestor } = {}, options) =>
      attempt('list containers', async () => {
        const wanted = filters({ name, network, volume, ancestor, ...(labels && { labels }) })
        const answer = await docker.listContainers(wire({ query: { all: running !== true, ...wanted }, ...options }))
        const found = list(containerSummaryShape)(answer, 'containers')
        return name === undefined ? found : found.filter(({ Names }) => Names.includes(`/${name}`))
      }),

    inspect: async (id, options) => {
      const answer = await lookUp(`inspect container ${id}`, () => container(id).inspect(wire({ ...options })))
      const found = answer && containerShape(answer, 'container')
      // The engine also takes the beginning of an id (rule 35).
      return found?.Id === id || found?.Name === `/${id}` ? found : undefined
    },

    create: ({ name, platform, body }) =>
      attempt(`create container ${name}`, async () => {
        const created = await docker.createContainer(wire({ query: { name, platform }, body }))
        return { id: created.id }
      }),

    start: (id) => effect(`start container ${id}`, () => container(id).start(), { 304: 'already' }),

    stop: (id, { timeout, ...options } = {}) =>
      effect(`stop container ${id}`, () => container(id).stop(wire({ query: { t: timeout }, ...options })), {
        304: 'already',
        404: 'absent',
      }),

    kill: (id, signal) =>
      effect(`kill container ${id}`, () => container(id).kill(wire({ query: { signal } })), {
        404: 'absent',
        409: alreadyWhen(/is not running/),
      }),

    pause: (id) =>
      effect(`pause container ${id}`, () => container(id).pause(), {
        409: alreadyWhen(/already paused/),
        500: alreadyWhen(/already paused/),
      }),

    unpause: (id) =>
      effect(`unpause container ${id}`, () => container(id).unpause(), {
        409: alreadyWhen(/is not paused/),
        // The engine may still take it for paused, by an event that came late; its runtime knows better.
        500: alreadyWhen(/is not paused|cannot resume a running process/),
      }),

    rename: (id, name) =>
      attempt(`rename container ${id} to ${name}`, () => container(id).rename(wire({ query: { name } }))),

    update: (id, body) => attempt(`update container ${id}`, () => container(id).update(wire({ body }))),

    remove: (id, { force, volumes } = {}) =>
      effect(`remove container ${id}`, () => container(id).remove(wire({ query: { force, v: volumes } })), {
        404: 'absent',
        409: alreadyWhen(/removal of container .* is already in progress/),
      }),

    wait: (id, { condition = 'not-running', ...options } = {}) =>
      attempt(`wait for container ${id}`, async () => {
        const answer: unknown = await container(id).wait(wire({ query: { condition }, ...options }))
        return waitShape(answer, 'wait').StatusCode
      }),

    top: (id) =>
      attempt(`list the processes of container ${id}`, async () => topShape(await container(id).top(), 'top')),

    // dockerode buffers the whole log unless it is told to follow; the query says what we want.
    logs: (id, query, options) =>
      attempt(`read the log of container ${id}`, async () =>
        readable(await container(id).logs({ ...wire({ query, ...options }), follow: true })),
      ),

    stats: (id, query, options) =>
      attempt(`read the statistics of container ${id}`, async () =>
        readable(await container(id).stats({ ...wire({ query, ...options }), stream: true })),
      ),

    getArchive: (id, path, options) =>
      attempt(`read ${path} of container ${id}`, async () =>
        readable(await container(id).getArchive(wire({ query: { path }, ...options }))),
      ),

    putArchive: (id, path, tar) =>
      attempt(`write ${path} of container ${id}`, async () => {
        await container(id).putArchive(tar, wire({ query: { path } }))
      }),
  }
}
