import type { ServiceStatus } from '../../core/actions/status.ts'

/** What others need stands above them; what is equally deep in the order of names. */
export function inDependencyOrder(services: readonly ServiceStatus[]): readonly ServiceStatus[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    // Seen again on its own way, it is part of a circle, which has no depth.
    depths.set(name, 0)
    const needed = byName.get(name)?.dependsOn.filter((other) => byName.has(other)) ?? []
    const depth = needed.length === 0 ? 0 : 1 + Math.max(...needed.map(depthOf))
    depths.set(name, depth)
    return depth
  }
  return services.toSorted((a, b) => depthOf(a.name) - depthOf(b.name) || a.name.localeCompare(b.name))
}
