import { DdalabError } from '../errors.ts'
import type { Operation, OperationId } from './plan.ts'

/** Who waits for whom: each step with those that must be finished before it. In plan order, which settles ties. */
export type Graph = ReadonlyMap<OperationId, readonly OperationId[]>

/** The graph of a plan's operations. Throws UNEXPECTED for one that cannot be carried out: that is a bug of the planner. */
export function graphOf(operations: readonly Operation[]): Graph {
  const phases = new Map(operations.map(({ id, phase }) => [id, phase]))
  const graph = new Map<OperationId, readonly OperationId[]>()
  for (const { id, phase, after } of operations) {
    if (graph.has(id)) throw planBug(`two operations are named ${id}`)
    for (const earlier of after) {
      if (!phases.has(earlier)) throw planBug(`${id} waits for ${earlier}, which is not in the plan`)
      if (phase === 'apply' && phases.get(earlier) === 'commit') {
        throw planBug(`${id} waits for ${earlier}, which runs only after the verdict`)
      }
    }
    graph.set(id, [...new Set(after)])
  }
  const cycle = findCycle(graph)
  if (cycle !== undefined) throw planBug(`operations wait for each other: ${cycle.join(' after ')}`)
  return graph
}

/** The same steps, each waiting for those that waited for it: the order of an undo. */
export function reverse(graph: Graph): Graph {
  const reversed = new Map<OperationId, OperationId[]>([...graph.keys()].reverse().map((id) => [id, []]))
  for (const [id, after] of graph) {
    for (const earlier of after) reversed.get(earlier)?.push(id)
  }
  return reversed
}

/**
 * Only these steps, with the edges among them. Edges through a step left out are lost, so it is for sets without gaps:
 * what was begun (all before it was begun too), or what is not yet done (all after it is not yet done either).
 */
export function restrict(graph: Graph, keep: (id: OperationId) => boolean): Graph {
  const kept = [...graph].filter(([id]) => keep(id))
  return new Map(kept.map(([id, after]) => [id, after.filter(keep)]))
}

/** A step whose turn it is. */
export interface Visit {
  readonly id: OperationId
  /** How many steps follow it, along the longest way. */
  readonly urgency: number
}

export interface WalkOptions {
  /** How many visits may be under way at once. */
  readonly concurrency: number
  /** Asked before each visit; from then on nothing new is begun. */
  readonly halted?: () => boolean
}

/**
 * Visits each step when all it waits for were visited with success, in parallel up to the bound. Of those that are ready the
 * one with the longest chain behind it comes first: it decides when everything is done. After a visit that answers false,
 * the steps that wait for it are not visited; all others still are. Resolves when nothing is under way any more.
 */
export async function walk(
  graph: Graph,
  visit: (step: Visit) => Promise<boolean>,
  { concurrency, halted = () => false }: WalkOptions,
): Promise<void> {
  const dependents = reverse(graph)
  const chains = chainLengths(graph, dependents)
  const missing = new Map([...graph].map(([id, after]) => [id, new Set(after)]))
  const urgency = (id: OperationId) => chains.get(id) ?? 0
  const ready = [...graph.keys()]
    .filter((id) => graph.get(id)?.length === 0)
    .toSorted((a, b) => urgency(b) - urgency(a))
  const underWay = new Set<Promise<void>>()

  const begin = async (id: OperationId): Promise<void> => {
    if (!(await visit({ id, urgency: urgency(id) }))) return
    for (const dependent of dependents.get(id) ?? []) {
      const waitsFor = missing.get(dependent)
      waitsFor?.delete(id)
      if (waitsFor?.size !== 0) continue
      const place = ready.findIndex((other) => urgency(other) < urgency(dependent))
      ready.splice(place === -1 ? ready.length : place, 0, dependent)
    }
  }

  for (;;) {
    while (underWay.size < concurrency && !halted()) {
      const id = ready.shift()
      if (id === undefined) break
      const visiting = begin(id).finally(() => underWay.delete(visiting))
      underWay.add(visiting)
    }
    if (underWay.size === 0) return
    await Promise.race(underWay)
  }
}

/** How many steps follow each one, along the longest way. */
function chainLengths(graph: Graph, dependents: Graph): ReadonlyMap<OperationId, number> {
  const lengths = new Map<OperationId, number>()
  const open = new Map([...dependents].map(([id, later]) => [id, later.length]))
  const settled = [...dependents.keys()].filter((id) => open.get(id) === 0)
  for (let id = settled.pop(); id !== undefined; id = settled.pop()) {
    lengths.set(id, Math.max(0, ...(dependents.get(id) ?? []).map((later) => 1 + (lengths.get(later) ?? 0))))
    for (const earlier of graph.get(id) ?? []) {
      const left = (open.get(earlier) ?? 0) - 1
      open.set(earlier, left)
      if (left === 0) settled.push(earlier)
    }
  }
  return lengths
}

/** Some cycle of the graph, its first step repeated at the end; undefined when there is none. */
function findCycle(graph: Graph): OperationId[] | undefined {
  const cleared = new Set<OperationId>()
  const path: OperationId[] = []
  const search = (id: OperationId): OperationId[] | undefined => {
    if (cleared.has(id)) return undefined
    const seenAt = path.indexOf(id)
    if (seenAt >= 0) return [...path.slice(seenAt), id]
    path.push(id)
    for (const earlier of graph.get(id) ?? []) {
      const cycle = search(earlier)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    cleared.add(id)
    return undefined
  }
  for (const id of graph.keys()) {
    const cycle = search(id)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

function planBug(message: string): DdalabError {
  return new DdalabError('UNEXPECTED', `the plan cannot be carried out: ${message}`, {
    hint: 'This is a bug in ddalab. Nothing was changed. Report the output of the same command with --json.',
  })
}
