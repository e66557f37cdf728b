import type { RollbackPoint } from '../../src/core/actions/rollback/points.ts'
import type { Release } from '../../src/core/release/index.ts'
import type { Preview } from '../../src/ui/tui/rollback/source.ts'

export function release(number: number, facts: Partial<Release> = {}): Release {
  const version = `2.${number}.0`
  return {
    id: `r-000${number}`,
    version,
    deployedAt: `2026-02-2${number}T12:00:00Z`,
    deployedBy: 'anna',
    command: 'ddalab deploy -i lab',
    action: 'deploy',
    images: {
      api: { reference: `lab/api:${version}`, imageId: `sha256:${String(number).repeat(64)}` },
      web: { reference: 'lab/web:1', imageId: `sha256:${'a'.repeat(64)}` },
    },
    ...facts,
  }
}

export function point(number: number, facts: Partial<RollbackPoint> = {}): RollbackPoint {
  return {
    release: release(number),
    current: false,
    bad: null,
    hasConfig: true,
    hasStack: true,
    data: null,
    missing: [],
    ...facts,
  }
}

/** Three: 2.3.0 runs, 2.2.0 has a backup of its data, an update to 2.1.0 failed once, and its image is gone. */
export const POINTS: readonly RollbackPoint[] = [
  point(3, { current: true }),
  point(2, { data: { id: 'b-20260223-120000', at: '2026-02-23T12:00:00Z' } }),
  point(1, {
    bad: { version: '2.1.0', images: {}, at: '2026-02-28T12:00:00Z', cause: 'api did not become healthy', run: 'x' },
    missing: ['api'],
  }),
]

export function preview(to: Release, facts: Partial<Preview> = {}): Preview {
  const from = release(3)
  const [api, former] = [to.images.api ?? null, from.images.api ?? null]
  return {
    rollback: {
      from,
      to,
      images: [{ service: 'api', from: former, to: api }],
      config: {
        before: 'deployment-config.yml',
        after: `#2 (${to.id})`,
        same: false,
        lines: [
          { kind: 'removed', text: '  domain: new.example.org' },
          { kind: 'added', text: '  domain: old.example.org' },
        ],
        changes: [
          {
            path: 'ingress.domain',
            kind: 'changed',
            secret: false,
            from: 'new.example.org',
            to: 'old.example.org',
          },
        ],
        encryption: null,
        lineEnds: null,
        unreadable: [],
      },
      data: null,
    },
    changes: 4,
    downtime: [{ service: 'api', expected: 3, why: 'its volume has one writer' }],
    warnings: [],
    ...facts,
  }
}
