import type { Instance } from './instance.ts'

/** What a command does when it is disturbed: the way there, the command, and the operations at whose beginning that may happen. */
export interface Scenario {
  readonly name: string
  /** Brings the instance from its config to where the command begins. */
  prepare(instance: Instance): Promise<unknown>
  readonly command: readonly [string, ...string[]]
  /** Before the verdict: what was begun is undone. */
  readonly apply: readonly string[]
  /** After the verdict: what is left is finished. */
  readonly commit: readonly string[]
}

const deployed = (instance: Instance) => instance.succeed('deploy')

export const scenarios: readonly Scenario[] = [
  {
    name: 'first deploy',
    // Long enough for a signal to arrive while it waits.
    prepare: (instance) => instance.set('parameters.START_SECONDS', 1),
    command: ['deploy'],
    apply: [
      'file.write:.env',
      'network.create:default',
      'volume.create:data',
      'container.create:web-1',
      'container.start:db-1',
      'container.awaitCompleted:migrate-1',
      'container.awaitHealthy:web-1',
    ],
    commit: [],
  },
  {
    name: 'redeploy',
    prepare: async (instance) => {
      await instance.set('profiles', ['extra'])
      await deployed(instance)
      await instance.set('profiles', [])
      await instance.set('parameters.VERSION', '2')
    },
    command: ['deploy'],
    apply: [
      'file.write:.env',
      'container.create:web-1',
      'container.stop:extra-1',
      'container.stop:web-1',
      'container.start:web-1',
      'container.awaitHealthy:web-1',
    ],
    commit: [
      'container.remove:extra-1',
      'container.remove:web-1-old',
      'container.rename:web-1',
      'release.record:r-0002',
    ],
  },
  {
    name: 'restart',
    prepare: deployed,
    command: ['restart'],
    apply: ['container.stop:web-1', 'container.start:db-1', 'container.awaitHealthy:db-1'],
    commit: [],
  },
  {
    name: 'destroy',
    prepare: deployed,
    command: ['destroy', '--yes'],
    apply: ['container.stop:web-1'],
    commit: ['container.remove:web-1', 'network.remove:', 'file.remove:.env'],
  },
]
