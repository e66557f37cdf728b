import { DdalabError } from '../../../errors.ts'
import type { OperationHandler } from '../../../kernel/handler.ts'
import { parseReference } from '../client/index.ts'
import { type OperationTools, optionalText, textInput } from './tools.ts'

/** Has a tag point to an image that is on the engine, and back to what it pointed to when the plan was made. */
export function imageTag({ engine }: Pick<OperationTools, 'engine'>): OperationHandler {
  const point = async (reference: string, image: string) => {
    const { name, tagOrDigest } = parseReference(reference)
    await engine.images.tag(image, name, tagOrDigest)
  }
  return {
    async execute(operation) {
      const [reference, image] = [textInput(operation, 'reference'), textInput(operation, 'image')]
      const present = await engine.images.inspect(reference)
      if (present?.Id === image) return {}
      if (present !== undefined && present.Id !== optionalText(operation, 'former')) {
        throw new DdalabError('PLAN_STALE', `The tag ${reference} was moved while it was to be moved back.`, {
          hint: 'Run the command again.',
        })
      }
      await point(reference, image)
      return {}
    },
    async undo(operation) {
      const [reference, image] = [textInput(operation, 'reference'), textInput(operation, 'image')]
      const former = optionalText(operation, 'former')
      const present = await engine.images.inspect(reference)
      // Never done, or moved by somebody since.
      if (present?.Id !== image) return
      if (former !== undefined && (await engine.images.inspect(former)) !== undefined) {
        await point(reference, former)
        return
      }
      // Without its last name the engine would delete the image.
      if (present.RepoTags.length > 1) await engine.images.remove(reference)
    },
  }
}
