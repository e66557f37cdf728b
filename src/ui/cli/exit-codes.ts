import { EXIT } from '../../core/errors.ts'

/** What each exit code says; scripts rely on them. */
const MEANINGS: { readonly [name in keyof typeof EXIT]: string } = {
  ok: 'done, or nothing to do',
  unexpected: 'unexpected: a bug in ddalab',
  usage: 'wrong usage, or a configuration that is not valid',
  notFound: 'an instance, service, template or file that does not exist',
  precondition: 'something outside stands in the way: engine, port, disk, image, registry',
  rolledBack: 'failed, and what ran before runs again',
  rollbackFailed: 'failed, and could not be undone: a person is needed',
  locked: 'another operation works on the instance',
  unhealthy: 'it runs, but is not healthy',
  timedOut: 'not finished within --timeout',
  changesPending: 'there are changes (plan --exit-code, drift), or an update (update --check)',
  interrupted: 'interrupted',
}

/** Rows of code and meaning, in the order of the codes. */
export function exitCodes(): readonly { readonly code: number; readonly meaning: string }[] {
  return Object.entries(MEANINGS).flatMap(([name, meaning]) =>
    Object.entries(EXIT).flatMap(([key, code]) => (key === name ? [{ code, meaning }] : [])),
  )
}
