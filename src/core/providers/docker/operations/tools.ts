import { DdalabError } from '../../../errors.ts'
import type { OperationContext } from '../../../kernel/handler.ts'
import type { Json, Operation, OperationId } from '../../../kernel/plan.ts'
import type { Redact } from '../../../redact.ts'
import type { Stack } from '../../../stack/model.ts'
import type { Engine, EventHub } from '../client/index.ts'
import { DDALAB } from '../labels.ts'
import type { InTurn } from '../turns.ts'

/** What the handlers of one run share. */
export interface OperationTools {
  readonly engine: Engine
  readonly hub: EventHub
  /** The wanted stack. Absent in recovery, which only undoes and finishes, and never builds. */
  readonly stack?: Stack
  /** Where the files of the stack lie, absolute. */
  readonly workingDir: string
  /** Where former contents of rewritten files are kept until the run has ended, absolute. */
  readonly backupDir: string
  readonly redact: Redact
  /** Pulls an image with the credentials at hand. */
  readonly pull: (reference: string, platform: string | undefined, context: OperationContext) => Promise<void>
  /** Compose's own hash per service, where its plugin is installed; empty elsewhere. Asked once, after the files are written. */
  readonly composeHashes: () => Promise<{ readonly [service: string]: string }>
  /** Creates or starts a container when it is its turn: more at once than the machine can take make each of them slower. */
  readonly inTurn: InTurn
  /** Ids of the containers made in this run, by the operation that made them. */
  readonly created: Map<OperationId, string>
}

/** The stack, for handlers that build from it. */
export function stackOf(tools: OperationTools): Stack {
  if (tools.stack === undefined)
    throw new DdalabError('UNEXPECTED', 'An operation of the apply phase was run without a stack')
  return tools.stack
}

export function serviceOf(tools: OperationTools, operation: Operation): Stack['services'][string] {
  const name = textInput(operation, 'service')
  const service = stackOf(tools).services[name]
  if (service === undefined)
    throw new DdalabError('UNEXPECTED', `The plan names service "${name}", which the stack does not have`)
  return service
}

/** The container an operation is about: made earlier in this run, or known by id when the plan was made. */
export function containerOf(tools: OperationTools, operation: Operation): string {
  const { create, id } = operation.input
  const found = typeof create === 'string' ? tools.created.get(create as OperationId) : id
  if (typeof found !== 'string') throw new DdalabError('UNEXPECTED', `${operation.id} does not know its container`)
  return found
}

export function textInput(operation: Operation, name: string): string {
  const value = operation.input[name]
  if (typeof value !== 'string') throw wrongInput(operation, name)
  return value
}

export function optionalText(operation: Operation, name: string): string | undefined {
  const value = operation.input[name]
  return typeof value === 'string' ? value : undefined
}

export function numberInput(operation: Operation, name: string): number {
  const value = operation.input[name]
  if (typeof value !== 'number') throw wrongInput(operation, name)
  return value
}

export function optionalNumber(operation: Operation, name: string): number | undefined {
  const value = operation.input[name]
  return typeof value === 'number' ? value : undefined
}

export function textList(operation: Operation, name: string): readonly string[] {
  const value: Json | undefined = operation.input[name]
  if (!Array.isArray(value)) throw wrongInput(operation, name)
  return value.filter((item): item is string => typeof item === 'string')
}

/** The value of the label by which a resource is found whose creation was never journalled (rule 4). */
export function operationLabel({ run }: OperationContext, operation: string): string {
  return `${run}/${operation}`
}

/** The container that this operation of the run has made, whether or not somebody wrote down its id. */
export async function madeBy(
  { engine }: OperationTools,
  context: OperationContext,
  operation: string,
): Promise<string | undefined> {
  const [found] = await engine.containers.list({ labels: { [DDALAB.operation]: operationLabel(context, operation) } })
  return found?.Id
}

function wrongInput(operation: Operation, name: string): DdalabError {
  return new DdalabError('UNEXPECTED', `${operation.id} has no usable input "${name}"`)
}
