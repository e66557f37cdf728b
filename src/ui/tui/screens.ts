/** The screens, in the order of their keys, and the command that does the same on the shell. */
export const SCREENS = [
  { id: 'overview', title: 'Overview', command: 'status', about: 'State of the instance and its services' },
  { id: 'logs', title: 'Logs', command: 'logs --follow', about: 'Logs of the services, merged in order of time' },
  { id: 'change', title: 'Change', command: 'plan', about: 'What a deploy would do, and the downtime that it implies' },
  { id: 'rollback', title: 'Rollback', command: 'rollback', about: 'Bring back an earlier release' },
  { id: 'config', title: 'Config', command: 'config show', about: 'Every setting that holds' },
  { id: 'events', title: 'Events', command: 'releases', about: 'What was deployed, when, and by whom' },
] as const

export type ScreenId = (typeof SCREENS)[number]['id']

export function screenFacts(id: ScreenId): (typeof SCREENS)[number] {
  return SCREENS.find((screen) => screen.id === id) ?? SCREENS[0]
}

/** The screen so many places after another, in a circle. */
export function screenAfter(id: ScreenId, steps: number): ScreenId {
  const index = SCREENS.findIndex((screen) => screen.id === id)
  return SCREENS.at((index + steps) % SCREENS.length)?.id ?? 'overview'
}
