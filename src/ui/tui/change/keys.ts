import type { Phase } from './state.ts'

/** The keys of a change, for the help. */
export const CHANGE_KEYS = [
  ['Left Right', 'Cancel or Go ahead; Enter confirms, Esc cancels'],
  ['c, Ctrl-C', 'cancel what is under way: it is undone'],
  ['f', 'follow what is under way again, after scrolling'],
  ['Enter', 'after a failure: the plan once more'],
] as const

/** The most useful ones, for the last line of the screen. */
export const CHANGE_FOOT: { readonly [phase in Phase]: string } = {
  idle: '? help  d deploy  u update  b rollback  r restart  : commands  q quit',
  planning: '? help  Esc cancel  : commands  q quit',
  planned: 'Left Right choose  Enter confirm  j k scroll  Y command  Esc cancel',
  naming: 'Type the name  Left Right choose  Enter confirm  Esc cancel',
  running: '? help  c cancel and undo  j k scroll  f follow  Y command  q leave',
  undoing: '? help  j k scroll  f follow  Y command  q leave',
  ended: '? help  j k scroll  d deploy  Y command  : commands  q quit',
}
