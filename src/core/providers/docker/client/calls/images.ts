import { list } from '../decode.ts'
import type { ImageCalls } from '../engine.ts'
import { distributionShape, imageShape, imageSummaryShape } from '../shapes.ts'
import { type Access, alreadyWhen, attempt, effect, filters, lookUp, readable, wire } from './call.ts'

export function imageCalls({ get, docker }: Access): ImageCalls {
  const image = async (reference: string) => (await docker()).getImage(reference)
  return {
    list: ({ reference, labels } = {}) =>
      attempt('list images', async () => {
        const answer = await get('/images/json', { query: filters({ reference, ...(labels && { labels }) }) })
        return list(imageSummaryShape)(answer, 'images')
      }),

    inspect: async (reference) => {
      const answer = await lookUp(`inspect image ${reference}`, () => get(`/images/${reference}/json`))
      return answer && imageShape(answer, 'image')
    },

    tag: (reference, repo, tag) =>
      attempt(`tag image ${reference} as ${repo}:${tag}`, async () => (await image(reference)).tag({ repo, tag })),

    remove: (reference) =>
      effect(`remove image ${reference}`, async () => (await image(reference)).remove(), {
        404: 'absent',
        409: alreadyWhen(/is being used by|is using its referenced image/),
      }),

    distribution: (reference, auth) =>
      attempt(`look up ${reference} in its registry`, async () =>
        distributionShape(
          await (await image(reference)).distribution(auth === undefined ? {} : { authconfig: { base64: auth } }),
          'distribution',
        ),
      ),

    pull: (query, { auth, ...options }) =>
      attempt(`pull ${query.fromImage}`, async () =>
        readable(await (await docker()).createImage(auth && { base64: auth }, wire({ query, ...options }))),
      ),
  }
}
