import type { ServiceStats } from '../../src/core/actions/stats.ts'
import type { ServiceStatus, Status } from '../../src/core/actions/status.ts'
import type { FrameClock } from '../../src/ui/cli/progress/live-progress.ts'
import type { Changer } from '../../src/ui/tui/change/index.ts'
import { DEFAULT_KEYMAP } from '../../src/ui/tui/keymap/index.ts'
import { type Event, reduce } from '../../src/ui/tui/reducer.ts'
import type { Snapshot, Source, Update } from '../../src/ui/tui/source.ts'
import { initialState, type State, type Surroundings } from '../../src/ui/tui/state.ts'
import { eventsOf } from '../../src/ui/wizard/events.ts'

export const NOW = new Date('2026-03-01T12:00:00Z')

const entry = (words: string, summary: string, usage = words) => ({ words, usage, summary })

export const around: Surroundings = {
  instance: 'lab',
  isReadOnly: false,
  entries: [
    entry('config get', 'Print one setting as it holds', 'config get SETTING'),
    entry('config show', 'Show every setting that holds'),
    entry('deploy', 'Bring what runs to what the configuration says'),
    entry('rollback', 'Bring back an earlier release'),
    entry('status', 'Show what runs, how it is, and where to open it'),
  ],
  ownScreens: new Set(),
  commandLine: (words) => `ddalab ${words} -i lab`,
  keymap: DEFAULT_KEYMAP,
}

export function service(name: string, facts: Partial<ServiceStatus> = {}): ServiceStatus {
  const { state = 'running', health = 'healthy' } = facts
  return {
    name,
    image: `registry.example.com/lab/${name}:2.4.1`,
    digest: null,
    containers: [
      {
        id: '0123456789abcdef',
        name: `lab-${name}-1`,
        state: state === 'stopped' ? 'exited' : 'running',
        health,
        restarts: 0,
        startedAt: '2026-03-01T09:30:00Z',
      },
    ],
    ports: [],
    dependsOn: [],
    ...facts,
    state,
    health,
  }
}

export const STATUS: Status = {
  instance: 'lab',
  provider: 'docker',
  version: '2.4.1',
  state: 'starting',
  services: [
    service('api', { ports: ['0.0.0.0:8001->8001/tcp', '[::]:8001->8001/tcp'] }),
    service('grafana', { state: 'starting', health: 'starting' }),
    service('postgres', { image: 'postgres:16.4' }),
    service('web', { ports: ['0.0.0.0:443->443/tcp', '127.0.0.1:53->53/udp'] }),
  ],
  addresses: ['https://lab.example.org'],
  release: { id: 'r-0042', version: '2.4.1', deployedAt: '2026-03-01T10:00:00Z' },
  rollbackPoints: ['r-0041', 'r-0042'],
  operation: null,
  update: null,
}

export function snapshot(status: Partial<Status> = {}, facts: Partial<Snapshot> = {}): Snapshot {
  return {
    status: { ...STATUS, ...status },
    update: null,
    points: [
      { id: 'r-0042', version: '2.4.1', deployedAt: '2026-03-01T10:00:00Z', current: true, hasData: true },
      { id: 'r-0041', version: '2.4.0', deployedAt: '2026-02-26T10:00:00Z', current: false, hasData: false },
    ],
    warnings: [],
    ...facts,
  }
}

export function figures(name: string, cpuPercent: number, memoryBytes: number): ServiceStats {
  return {
    service: name,
    container: `lab-${name}-1`,
    cpuPercent,
    memoryBytes,
    memoryLimit: 2_000_000_000,
    networkReceived: 0,
    networkSent: 0,
    blockRead: 0,
    blockWritten: 0,
    processes: 3,
  }
}

export const updated = (update: Update, at = NOW): Event => ({ type: 'updated', update, at })
export const seen = (status: Partial<Status> = {}, facts: Partial<Snapshot> = {}) =>
  updated({ type: 'snapshot', snapshot: snapshot(status, facts) })

/** The dashboard after these events. */
export function given(...events: readonly Event[]): State {
  return events.reduce((state, event) => reduce(state, event, around), initialState(NOW))
}

/** What is typed, as events; `\r`, `\t`, `\u001B` and `\u0003` among it. */
export function typed(input: string): readonly Event[] {
  return eventsOf(input, NO_KEY).filter((event) => event.type === 'key' || event.type === 'text')
}

const NO_KEY = {
  ...{ upArrow: false, downArrow: false, leftArrow: false, rightArrow: false, pageDown: false, pageUp: false },
  ...{ home: false, end: false, return: false, escape: false, ctrl: false, shift: false, tab: false },
  ...{ backspace: false, delete: false, meta: false, super: false, hyper: false, capsLock: false, numLock: false },
}

/** A changer that has nothing to do. */
export const NO_CHANGER: Changer = {
  plan: async () => ({ kind: 'nothing', text: 'Nothing to do.' }),
  run: async () => ({ kind: 'done', isChanged: false, warnings: [], notes: [], status: null }),
}

/** A clock that stands still. */
export const STILL: FrameClock = { now: () => NOW.getTime(), every: () => () => undefined }

/** A source whose updates the test tells. */
export class FakeSource implements Source {
  #tell: ((update: Update) => void) | undefined
  isStopped = false

  watch(tell: (update: Update) => void, signal: AbortSignal): Promise<void> {
    this.#tell = tell
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => {
        this.isStopped = true
        resolve()
      }),
    )
  }

  tell(update: Update): void {
    this.#tell?.(update)
  }
}
