import { toDdalabError } from '../../../core/errors.ts'
import type { ChangeRequest } from '../change/request.ts'
import { Store } from '../store.ts'
import type { Area } from '../view/spans.ts'
import type { ConfigDesk } from './desk.ts'
import { type ConfigEffect, type ConfigEvent, type ConfigState, START } from './model.ts'
import { reduceConfig } from './reducer.ts'

/** What the screen can do while it is seen. */
export interface Seen {
  readonly onChange: (request: ChangeRequest) => void
  readonly onNotice: (text: string) => void
  /** Copies the words of a command, as a whole line. */
  readonly onCopy: (words: string) => void
  /** Gives the terminal to somebody else until the work is done. */
  readonly lend: (work: () => Promise<void>) => Promise<void>
}

/** ms between two looks at the file. */
const BETWEEN_LOOKS = 1_000

/** The config while the dashboard is open: outside the components, for drafts stay while other screens are shown. */
export class ConfigSession {
  readonly #desk: ConfigDesk
  readonly #isReadOnly: boolean
  readonly #store = new Store<ConfigState>(START)
  readonly subscribe = this.#store.subscribe
  readonly shown = this.#store.get
  #area: Area = { width: 80, height: 20 }
  #seen: Seen | undefined
  #stamp: string | undefined
  #looking: NodeJS.Timeout | undefined
  /** How often each was asked for. */
  readonly #asked = new Map<ConfigEffect['type'], number>()
  #answer: ((again: boolean) => void) | undefined

  constructor(desk: ConfigDesk, isReadOnly: boolean) {
    this.#desk = desk
    this.#isReadOnly = isReadOnly
  }

  /** What would be lost by leaving the dashboard; undefined: nothing. */
  readonly unsaved = {
    subscribe: this.subscribe,
    get: (): string | undefined => {
      const { size } = this.shown().drafts
      return size === 0 ? undefined : `${size === 1 ? 'One setting is' : `${size} settings are`} changed and not saved.`
    },
  }

  resize(area: Area): void {
    this.#area = area
  }

  /** From now on it is seen; the answer ends that. */
  show(seen: Seen): () => void {
    this.#seen = seen
    this.look()
    return () => {
      if (this.#seen === seen) this.#seen = undefined
      this.act({ type: 'left' })
    }
  }

  act(event: ConfigEvent): void {
    const ground = { isReadOnly: this.#isReadOnly, page: Math.max(1, this.#area.height - 8) }
    const { state, effects } = reduceConfig(this.shown(), event, ground)
    this.#store.set(state)
    for (const effect of effects) void this.#carryOut(effect)
  }

  close(): void {
    clearTimeout(this.#looking)
    this.#seen = undefined
    this.#answer?.(false)
  }

  /** Looks whether the file is another one: now, and as long as that matters to anybody. */
  look(): void {
    clearTimeout(this.#looking)
    void this.#desk.stamp().then((stamp) => {
      if (stamp !== this.#stamp) void this.#read(stamp)
      else if (this.#seen !== undefined) this.act({ type: 'returned' })
      if (this.#seen === undefined && this.shown().drafts.size === 0) return
      clearTimeout(this.#looking)
      this.#looking = setTimeout(() => this.look(), BETWEEN_LOOKS)
      this.#looking.unref()
    })
  }

  async #read(stamp?: string): Promise<void> {
    try {
      this.#stamp = stamp ?? (await this.#desk.stamp())
      this.act({ type: 'read', form: await this.#desk.read() })
    } catch (thrown) {
      this.act({ type: 'unreadable', trouble: toDdalabError(thrown).toData() })
    }
  }

  async #carryOut(effect: ConfigEffect): Promise<void> {
    try {
      await this.#work(effect)
    } catch (thrown) {
      const error = toDdalabError(thrown)
      this.act({ type: 'failed', trouble: error.toData() })
      if (error.code === 'CONFIG_CHANGED') await this.#read()
    }
  }

  async #work(effect: ConfigEffect): Promise<void> {
    const desk = this.#desk
    const turn = (this.#asked.get(effect.type) ?? 0) + 1
    this.#asked.set(effect.type, turn)
    // What has been asked for again since then is answered to the later question only.
    const reply = (event: ConfigEvent): void => {
      if (this.#asked.get(effect.type) === turn) this.act(event)
    }
    switch (effect.type) {
      case 'judge':
        // What cannot be judged is told when it is to be saved.
        return reply({ type: 'judged', findings: await desk.judge(effect.edits).catch(() => []) })
      case 'reveal':
        return reply({ type: 'revealed', path: effect.field.path, text: await desk.reveal(effect.field.path) })
      case 'generate':
        return this.act({ type: 'generated', field: effect.field, value: await desk.generate(effect.kind) })
      case 'difference':
        return reply({ type: 'differs', difference: await desk.difference(effect) })
      case 'save': {
        const entry = await desk.save(effect, effect.reason, effect.hash)
        this.act({ type: 'saved', subject: effect.subject, entry })
        return this.#read()
      }
      case 'history':
        return reply({ type: 'listed', history: await desk.history() })
      case 'compare':
        return reply({ type: 'compared', diff: await desk.compare(effect.entry) })
      case 'edit':
        return this.#edit()
      case 'answer':
        return this.#answer?.(effect.again)
      case 'change':
        return this.#seen?.onChange(effect.request)
      case 'copy':
        return this.#seen?.onCopy(effect.words)
      case 'notice':
        return this.#seen?.onNotice(effect.text)
    }
  }

  async #edit(): Promise<void> {
    const lend = this.#seen?.lend
    if (lend === undefined) return
    const notice = await this.#desk.edit({
      edit: (file) => opened(lend, () => this.#desk.openEditor(file)),
      again: (error) => {
        const { promise, resolve } = Promise.withResolvers<boolean>()
        this.#answer = resolve
        this.act({ type: 'again', trouble: error.toData() })
        return promise
      },
    })
    this.act({ type: 'edited', notice })
    await this.#read()
  }
}

/** What the work throws comes through, whatever the terminal makes of it. */
async function opened(lend: Seen['lend'], work: () => Promise<void>): Promise<void> {
  let failure: unknown
  await lend(() =>
    work().catch((thrown: unknown) => {
      failure = thrown
    }),
  )
  if (failure !== undefined) throw failure
}
