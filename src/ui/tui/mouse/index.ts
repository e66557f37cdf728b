export { Mouse } from './mouse.ts'
export { type MouseEvent, mouseReader } from './parse.ts'
export { tapped } from './tap.ts'
