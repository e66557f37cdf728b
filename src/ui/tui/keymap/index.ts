export { ACTION_IDS, ACTIONS, type ActionId, isAction } from './actions.ts'
export { type KeyLine, keyLines, keyTable, untold } from './help.ts'
export { DEFAULT_KEYMAP, isOfScreen, type KeyConflict, type Keymap, keymapOf, type OwnKeys } from './keymap.ts'
export { isKey } from './keys.ts'
