/** Changes of a config's text that leave every other byte as it is. */
export { editText, readable } from './edit.ts'
export type { Edit } from './wish.ts'
