import type { Ended } from './change/changer.ts'
import type { ChangeRequest } from './change/request.ts'
import type { Leaving } from './leave.ts'

/** How the dashboard is left, and what the program does then. */
export type Ending =
  /** `leaving`: a change was under way and had to end first; `change`: what became of it. */
  | { readonly kind: 'quit'; readonly leaving?: Leaving; readonly change?: Ended | undefined }
  /** It opens again on this instance, with the plan of a change where one is asked for. */
  | { readonly kind: 'open'; readonly instance: string; readonly ask?: ChangeRequest }
  /** The wizard sets up this instance in the same terminal, then the dashboard opens on it. */
  | { readonly kind: 'init'; readonly instance: string }
