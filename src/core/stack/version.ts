import type { Stack } from './model.ts'
import { parseReference } from './reference.ts'

/** The version of a stack: the tag of its main service's image, or the start of its digest; `unknown` when it has neither. */
export function mainVersion(stack: Stack): string {
  const service = stack.services[stack.main ?? ''] ?? Object.values(stack.services)[0]
  const reference = parseReference(service?.image ?? '')
  return reference?.tag ?? reference?.digest?.slice(0, 'sha256:'.length + 12) ?? 'unknown'
}
