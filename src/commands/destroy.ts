import * as Flags from '@oclif/core/flags'
import { destroy } from '../core/actions/destroy.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { answerChange, consentToDestroy } from '../ui/cli/changes.ts'
import { changeFlags, engineFlags, instanceFlags } from '../ui/cli/flags.ts'

export default class Destroy extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Remove the containers and networks; volumes and their data stay'
  static override description = `The configuration stays, so that "ddalab deploy" brings everything back, with its data.
Data is deleted only with --volumes, and only when the name of the instance is given or typed.`
  static override examples = ['ddalab destroy', 'ddalab destroy -i trial --volumes --confirm trial']
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...changeFlags,
    volumes: Flags.boolean({ description: 'Delete the volumes too, and all data in them' }),
    confirm: Flags.string({ description: 'Agree to the loss of the data of this instance', helpValue: 'NAME' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Destroy)
    const [world, target] = this.place(flags)
    this.shell.interrupt.beginWork()
    const report = await destroy(world, target, {
      ...consentToDestroy(this.shell, target.instance, flags, this.shell.prompter(flags['no-input'])),
      dryRun: flags['dry-run'],
      volumes: flags.volumes,
    })
    const exit = answerChange(this.shell, report)
    if (report.keptVolumes.length > 0) {
      const command = `${this.next('destroy', flags)} --volumes --confirm ${target.instance}`
      this.shell.note(`Volumes and their data are kept: ${report.keptVolumes.join(', ')}. To delete them: ${command}`)
    }
    return exit
  }
}
