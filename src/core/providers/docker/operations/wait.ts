import { setTimeout } from 'node:timers/promises'
import type { OperationHandler } from '../../../kernel/handler.ts'
import { numberInput } from './tools.ts'

/** `delay` of an update_config. */
export const wait: OperationHandler = {
  async execute(operation, { signal }) {
    await setTimeout(numberInput(operation, 'milliseconds'), undefined, { signal })
    return {}
  },
  async undo() {},
}
