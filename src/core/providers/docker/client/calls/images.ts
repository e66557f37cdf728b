import { list } from '../decode.ts'
import type { ImageCalls } from '../engine.ts'
import { distributionShape, imageShape, imageSummaryShape } from '../shapes.ts'
import { alreadyWhen, attempt, type Docker, effect, filters, lookUp, readable, wire } from './call.ts'

export function imageCalls(docker: Docker): ImageCalls {
  const image = (reference: string) => docker.getImage(reference)
  return {
    list: ({ reference, labels } = {}) =>
      attempt('list images', async () => {
        const answer = await docker.listImages(wire({ query: filters({ reference, ...(labels && { labels }) }) }))
        return list(imageSummaryShape)(answer, 'images')
      }),

    inspect: async (reference) => {
      const answer = await lookUp(`inspect image ${reference}`, () => image(reference).inspect())
      return answer && imageShape(answer, 'image')
    },

    tag: (reference, repo, tag) =>
      attempt(`tag image ${reference} as ${repo}:${tag}`, () => image(reference).tag({ repo, tag })),

    remove: (reference) =>
      effect(`remove image ${reference}`, () => image(reference).remove(), {
        404: 'absent',
        409: alreadyWhen(/is being used by|is using its referenced image/),
      }),

    distribution: (reference, auth) =>
      attempt(`look up ${reference} in its registry`, async () =>
        distributionShape(
          await image(reference).distribution(auth === undefined ? {} : { authconfig: { base64: auth } }),
          'distribution',
        ),
      ),

    pull: (query, { auth, ...options }) =>
      attempt(`pull ${query.fromImage}`, async () =>
        readable(await docker.createImage(auth && { base64: auth }, wire({ query, ...options }))),
      ),
  }
}
