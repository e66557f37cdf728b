import type { Phase } from './change/state.ts'

/** When the dashboard closes, while something is under way. */
export type Leaving = 'done' | 'undone'

export interface LeaveChoice {
  readonly text: string
  /** Undefined: it stays open. */
  readonly leaving: Leaving | undefined
  /** What is under way is undone. */
  readonly undoes: boolean
}

const STAY: LeaveChoice = { text: 'Stay', leaving: undefined, undoes: false }

/** What can become of a change when somebody wants to leave; the first changes nothing. */
export function leaveChoices(phase: Phase): readonly LeaveChoice[] {
  if (phase === 'undoing') {
    return [STAY, { text: 'Leave when it is undone: the dashboard closes then', leaving: 'undone', undoes: false }]
  }
  return [
    STAY,
    { text: 'Undo it, and leave then', leaving: 'undone', undoes: true },
    { text: 'Leave when it is done: the dashboard closes then', leaving: 'done', undoes: false },
  ]
}

/** What can become of what was not saved. */
export const DISCARD_CHOICES = ['Stay', 'Look at it', 'Leave: it is lost'] as const
