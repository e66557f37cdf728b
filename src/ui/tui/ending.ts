import type { Ended } from './change/changer.ts'
import type { Leaving } from './leave.ts'

/** How the dashboard is left, and what the program does then. */
export type Ending =
  /** `leaving`: a change was under way and had to end first; `change`: what became of it. */
  | { readonly kind: 'quit'; readonly leaving?: Leaving; readonly change?: Ended | undefined }
  /** It opens again on this instance, which need not be there yet. */
  | { readonly kind: 'open'; readonly instance: string }
