/**
 * A process to be killed: carries out a plan that changes files, or recovers what another one left of it.
 *
 *     kill-child execute|recover DIRECTORY good|bad line:N:before|line:N:after|amid:FILE|never
 *
 * It kills itself at the N-th journal line, before or after that line is written, or half-way through writing FILE.
 * Exits 0 when it comes to its end.
 */
import { copyFile, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { argv, exit, kill, pid } from 'node:process'
import { DdalabError, systemCode } from '../../src/core/errors.ts'
import {
  execute,
  type Handlers,
  type Journal,
  type JournalStore,
  type Operation,
  operationId,
  type Plan,
  recover,
} from '../../src/core/kernel/index.ts'
import { createJournalStore } from '../../src/core/state/index.ts'

const [, , action, directory = '', kind, death = 'never'] = argv
const inWorld = (name: string): string => join(directory, 'world', name)

async function die(): Promise<never> {
  kill(pid, 'SIGKILL')
  return new Promise(() => {})
}

/** The store, with death at one of its lines. */
function deadly(store: JournalStore): JournalStore {
  let lines = 0
  const wrap = (journal: Journal): Journal => ({
    append: async (record) => {
      lines += 1
      const here = `line:${lines}`
      if (death === `${here}:before`) await die()
      await journal.append(record)
      if (death === `${here}:after`) await die()
    },
    close: () => journal.close(),
  })
  return {
    create: async (run) => wrap(await store.create(run)),
    reopen: async (run) => wrap(await store.reopen(run)),
    unfinished: () => store.unfinished(),
  }
}

/** In two halves, in place: whoever dies between them leaves a file that is neither old nor new. */
async function writeHalves(name: string, content: string): Promise<void> {
  const file = await open(inWorld(name), 'w')
  await file.write(content.slice(0, content.length / 2))
  if (death === `amid:${name}`) await die()
  await file.write(content.slice(content.length / 2))
  await file.close()
}

async function ifThere(work: Promise<void>): Promise<void> {
  await work.catch((thrown: unknown) => {
    if (systemCode(thrown) !== 'ENOENT') throw thrown
  })
}

const nameOf = (operation: Operation): string => String(operation.input.name)

const handlers: Handlers = {
  'file.create': {
    execute: async (operation) => {
      await writeHalves(nameOf(operation), 'new '.repeat(100))
      return {}
    },
    undo: (operation) => rm(inWorld(nameOf(operation)), { force: true }),
  },
  'file.replace': {
    execute: async (operation) => {
      const path = inWorld(nameOf(operation))
      await copyFile(path, `${path}.copy`)
      await rename(`${path}.copy`, `${path}.former`)
      await writeHalves(nameOf(operation), 'new '.repeat(100))
      return {}
    },
    undo: async (operation) => {
      const path = inWorld(nameOf(operation))
      await rm(`${path}.copy`, { force: true })
      await ifThere(rename(`${path}.former`, path))
    },
  },
  'file.forget': {
    execute: async (operation) => {
      await rm(`${inWorld(nameOf(operation))}.former`, { force: true })
      return {}
    },
  },
  'world.check': {
    execute: async () => {
      await readFile(inWorld('extra'))
      if (kind === 'bad') throw new DdalabError('UNHEALTHY', 'the new world does not work')
      return {}
    },
    undo: async () => {},
  },
}

function step(type: string, name: string, after: readonly string[] = []): Operation {
  return {
    id: operationId(type, name),
    kind: type,
    resource: name,
    cause: 'test',
    effect: 'test',
    phase: type === 'file.forget' ? 'commit' : 'apply',
    after: after.map((earlier) => operationId(earlier.split(':')[0] ?? '', earlier.split(':')[1] ?? '')),
    input: { name },
  }
}

const plan: Plan = {
  instance: 'demo',
  action: 'deploy',
  fingerprint: 'f',
  downtime: [],
  operations: [
    step('file.create', 'service'),
    step('file.replace', 'config', ['file.create:service']),
    step('file.replace', 'data'),
    step('file.create', 'extra', ['file.replace:config', 'file.replace:data']),
    step('world.check', 'all', ['file.create:extra']),
    step('file.forget', 'config', ['world.check:all']),
    step('file.forget', 'data', ['world.check:all']),
  ],
}

const environment = {
  handlers,
  journals: deadly(createJournalStore(join(directory, 'journal'))),
  sink: { emit: () => {} },
  now: () => new Date(),
}
if (action === 'execute') await execute(plan, { ...environment, run: 'run-1', command: 'deploy' })
else await recover(environment)
exit(0)
