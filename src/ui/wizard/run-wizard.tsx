import { render } from 'ink'
import { checkCertificateFiles } from '../../core/actions/certificate-files.ts'
import { refuseExisting } from '../../core/actions/init.ts'
import { previewInit } from '../../core/actions/init-preview.ts'
import { lookAround } from '../../core/actions/look-around.ts'
import { locateInstance } from '../../core/actions/open.ts'
import { loadTemplates } from '../../core/actions/templates.ts'
import type { Target, World } from '../../core/actions/world.ts'
import type { Answers, EnvironmentName } from '../../core/config/index.ts'
import { DdalabError, toDdalabError } from '../../core/errors.ts'
import type { Style } from '../cli/style.ts'
import type { Instruments } from './look.ts'
import { answersOf, type Catalogue, foldersOf, type Preview, type State } from './state.ts'
import { Wizard, type WizardProps } from './Wizard.tsx'

export interface WizardOptions {
  readonly given: { readonly template?: string; readonly environment?: EnvironmentName }
  readonly style: Style
  readonly stdin: NodeJS.ReadStream
  /** Where it is drawn; stdout is for data. */
  readonly screen: NodeJS.WriteStream
}

export interface WizardOutcome {
  readonly answers: { readonly answers: Answers }
  /** Folders of this machine that the answers name. */
  readonly folders: readonly string[]
  readonly deploy: boolean
}

/**
 * Asks for all that `init` needs, on a terminal, and gives the terminal back as it was. Errors: INTERRUPTED (Ctrl-C, signals),
 * CONFIRMATION_REQUIRED (cancelled), CONFIG_EXISTS, TEMPLATE_*.
 */
export async function runWizard(world: World, target: Target, options: WizardOptions): Promise<WizardOutcome> {
  await refuseExisting(locateInstance(world, target).paths.config)
  const [templates, around] = await Promise.all([loadTemplates(world), lookAround(world, target)])
  try {
    const catalogue: Catalogue = {
      templates,
      instance: target.instance,
      home: world.environment.home,
      machine: around.machine,
      given: options.given,
    }
    const instruments: Instruments = {
      ...around,
      certificate: (files) => checkCertificateFiles(world, target, files),
    }
    const preview: WizardProps['preview'] = (answers, folders) => previewOf(world, target, answers, folders)
    const state = await show({ catalogue, instruments, preview }, world.signal, options)
    return outcomeOf(state, catalogue)
  } finally {
    await around.close()
  }
}

function outcomeOf(state: State, catalogue: Catalogue): WizardOutcome {
  const { ending } = state
  if (ending === 'interrupted') throw new DdalabError('INTERRUPTED', 'Interrupted: nothing was written.')
  if (ending !== 'write' && ending !== 'deploy') {
    throw new DdalabError('CONFIRMATION_REQUIRED', 'Cancelled: nothing was written.')
  }
  return {
    answers: { answers: answersOf(state, catalogue) },
    folders: foldersOf(state, catalogue),
    deploy: ending === 'deploy',
  }
}

/** Shows the wizard until it ends. Rejects with the reason of the signal, or with what a component threw. */
async function show(
  props: Omit<WizardProps, 'onEnd' | 'style'>,
  signal: AbortSignal,
  { style, stdin, screen }: WizardOptions,
): Promise<State> {
  let last: State | undefined
  const app = render(
    <Wizard
      {...props}
      style={style}
      onEnd={(state) => {
        last = state
        app.unmount()
      }}
    />,
    {
      stdin,
      stdout: screen,
      stderr: screen,
      exitOnCtrlC: false,
      patchConsole: false,
      alternateScreen: true,
      interactive: true,
    },
  )
  // Our own handlers of signals and of uncaught errors stand in the place of Ink's.
  const leave = () => app.unmount()
  signal.addEventListener('abort', leave, { once: true })
  process.prependOnceListener('uncaughtException', leave)
  stdin.once('end', leave)
  try {
    await app.waitUntilExit()
  } finally {
    signal.removeEventListener('abort', leave)
    process.off('uncaughtException', leave)
    stdin.off('end', leave)
    stdin.ref()
  }
  signal.throwIfAborted()
  if (last === undefined) throw new DdalabError('INTERRUPTED', 'The terminal went away: nothing was written.')
  return last
}

async function previewOf(world: World, target: Target, answers: Answers, folders: readonly string[]): Promise<Preview> {
  try {
    return { kind: 'made', result: await previewInit(world, target, answers, folders) }
  } catch (thrown) {
    const { message, options } = toDdalabError(thrown)
    return { kind: 'failed', message, hint: options.hint }
  }
}
