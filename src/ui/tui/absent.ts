import type { State } from './state.ts'

/** There is no such instance yet: what is offered is to make one. */
export function isNotSetUp({ connection }: Pick<State, 'connection'>): boolean {
  return (
    connection.kind === 'lost' && (connection.code === 'INSTANCE_NOT_FOUND' || connection.code === 'CONFIG_NOT_FOUND')
  )
}
