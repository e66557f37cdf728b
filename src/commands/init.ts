import * as Flags from '@oclif/core/flags'
import { deploy } from '../core/actions/deploy.ts'
import { type InitOptions, init } from '../core/actions/init.ts'
import type { Target, World } from '../core/actions/world.ts'
import { ENVIRONMENTS, type EnvironmentName } from '../core/config/environments.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { answerChange, consent } from '../ui/cli/changes.ts'
import { engineFlags, instanceFlags, noInputFlag, settingFlags } from '../ui/cli/flags.ts'
import { readAnswers, readSetting, refuseTwoReaders } from '../ui/cli/settings.ts'
import { renderInit } from '../ui/cli/views/init.ts'

export default class Init extends BaseCommand {
  static override group = 'set-up' as const
  static override summary = 'Set up a new instance: its configuration, with generated secrets'
  static override description =
    `On a terminal a wizard asks for what is needed, shows the plan, and deploys or only writes.
Given --yes, --no-input, settings, or --answers, it asks nothing: the same answers make the same configuration.
Settings are named by their place in the config: --set ingress.domain=lab.example.org.
A secret never goes on the command line; give it in a file, or pipe it in:
  pass show lab/ldap | ddalab init --set-file auth.ldap.bindPassword=-`
  static override examples = [
    'ddalab init',
    'ddalab init -i trial --template demo --set docker.image=busybox:latest',
    'ddalab init --answers answers.yml --set ingress.domain=lab.example.org',
  ]
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...noInputFlag,
    yes: Flags.boolean({ char: 'y', description: 'Ask nothing: take the defaults' }),
    template: Flags.string({ description: 'What to deploy (default: ddalab)', helpValue: 'NAME' }),
    environment: Flags.option({ options: ENVIRONMENTS, description: 'Which defaults hold (default: production)' })(),
    answers: Flags.string({
      description: 'A partial config with all answers, or stdin (-); secrets are allowed in it',
      helpValue: 'FILE',
    }),
    ...settingFlags,
    git: Flags.boolean({ description: 'Keep the config in git: a repository in its directory, a commit a change' }),
    from: Flags.string({ description: 'A config to begin with; it is left as it is', helpValue: 'FILE' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Init)
    // The environment is an answer here, not one to look at the instance in.
    const { environment, ...place } = flags
    const [world, target] = this.place(place)
    const outcome = await this.ask(world, target, flags)
    const options = outcome === undefined ? await optionsOf(flags) : { ...outcome, set: [] }
    const report = await init(world, target, { ...options, git: flags.git })
    if (outcome?.deploy === true) {
      this.shell.note(`${renderInit(report, [], this.shell.style)}\n`)
      return this.deploy(world, target)
    }
    const next = [this.next('plan', place), this.next('deploy', place)]
    return this.shell.answer(report, (data, style) => renderInit(data, next, style))
  }

  /** What a person answers; undefined where nobody is to be asked, or the flags say it all. */
  private async ask(world: World, target: Target, flags: Given & { readonly 'no-input': boolean }) {
    const { yes, answers, set, 'set-file': setFile, from, template, environment } = flags
    const saysAll = yes || [answers, set, setFile, from].some((flag) => flag !== undefined)
    const style = saysAll ? undefined : this.shell.screen(flags['no-input'])
    if (style === undefined) return undefined
    this.shell.interrupt.beginFollowing()
    const { runWizard } = await import('../ui/wizard/index.ts')
    const given = { ...(template !== undefined && { template }), ...(environment !== undefined && { environment }) }
    return runWizard(world, target, { given, style, stdin: process.stdin, screen: process.stderr })
  }

  /** The plan was shown and agreed to in the wizard; what takes something away is asked about all the same. */
  private async deploy(world: World, target: Target): Promise<number> {
    this.shell.interrupt.beginWork()
    const agreed = consent(this.shell, { yes: false, 'dry-run': false }, this.shell.prompter(false))
    return answerChange(this.shell, await deploy(world, target, agreed), [])
  }
}

interface Given {
  readonly yes: boolean
  readonly template?: string | undefined
  readonly environment?: EnvironmentName | undefined
  readonly answers?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly 'set-file'?: readonly string[] | undefined
  readonly from?: string | undefined
}

async function optionsOf(flags: Given): Promise<InitOptions> {
  const { template, environment, from, answers, set = [], 'set-file': setFile = [] } = flags
  refuseTwoReaders(answers, setFile)
  const setSecretly = []
  for (const setting of setFile) setSecretly.push(await readSetting(setting))
  return {
    set,
    setSecretly,
    ...(answers !== undefined && { answers: await readAnswers(answers) }),
    ...(template !== undefined && { template }),
    ...(environment !== undefined && { environment }),
    ...(from !== undefined && { from }),
  }
}
