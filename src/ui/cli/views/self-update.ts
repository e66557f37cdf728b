import type { ProgramChange, ProgramCheck } from '../../../core/self-update/index.ts'

export function renderProgramCheck({ current, offer, from }: ProgramCheck): string {
  if (offer === null) return `ddalab ${current} is what ${from} has: nothing to install.`
  return `ddalab ${offer} is there, and this is ${current}.\n→ ddalab self update`
}

export function renderProgramChange({ path, before, after, changed }: ProgramChange): string {
  if (changed) return `${path}: ddalab ${before} → ${after}\nBack again: ddalab self update --rollback`
  return before === after
    ? `Nothing to do: this is ddalab ${after} already.`
    : `${path} would become ddalab ${after} (it is ${before}).`
}
