import type { ExecCalls } from '../engine.ts'
import { execStateShape } from '../shapes.ts'
import { type Access, attempt, wire } from './call.ts'

export function execCalls({ get, docker }: Access): ExecCalls {
  return {
    create: (container, body) =>
      attempt(`run a command in container ${container}`, async () => {
        const created = await (await docker()).getContainer(container).exec(wire({ body }))
        return created.id
      }),

    start: (id, { tty, size, ...options }) =>
      attempt('start the command', async () =>
        (await docker()).getExec(id).start({
          ...wire({
            body: { Detach: false, Tty: tty, ...(size && { ConsoleSize: [size.rows, size.columns] }) },
            ...options,
          }),
          hijack: true,
        }),
      ),

    resize: (id, { columns, rows }) =>
      attempt('resize the terminal of the command', async () =>
        (await docker()).getExec(id).resize(wire({ query: { h: rows, w: columns } })),
      ),

    inspect: (id) =>
      attempt('ask how the command ended', async () => execStateShape(await get(`/exec/${id}/json`), 'exec')),
  }
}
