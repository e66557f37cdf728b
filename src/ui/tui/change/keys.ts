import type { Phase } from './state.ts'

/** The most useful ones, for the last line of the screen. */
export const CHANGE_FOOT: { readonly [phase in Phase]: string } = {
  idle: '? help  d deploy  u update  b rollback  r restart  : commands  q quit',
  planning: '? help  Esc cancel  : commands  q quit',
  planned: 'Left Right choose  Enter confirm  j k scroll  Y command  Esc cancel',
  naming: 'Type the name  Left Right choose  Enter confirm  Esc cancel',
  running: '? help  c cancel and undo  j k scroll  f follow  Y command  q leave',
  undoing: '? help  j k scroll  f follow  Y command  q leave',
  failed: '? help  j k scroll  Enter plan anew  Esc close  Y command  q quit',
  ended: '? help  j k scroll  d deploy  Y command  : commands  q quit',
}
