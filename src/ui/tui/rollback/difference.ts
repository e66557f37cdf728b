import { type ImageChange, imageChanges } from '../../../core/actions/rollback/image-changes.ts'
import type { RollbackPoint } from '../../../core/actions/rollback/points.ts'
import type { ReleasedImage } from '../../../core/release/index.ts'
import { lossText } from '../../cli/backups.ts'
import { plural } from '../../cli/format.ts'
import { glyph, type Style } from '../../cli/style.ts'
import { diffRows } from '../../cli/views/config-diff.ts'
import { wrap } from '../../wizard/view/text.ts'
import { fact, longFact, paragraph } from '../facts.ts'
import type { Failure } from '../loaded.ts'
import { imageTag, since } from '../view/look.ts'
import type { Spans } from '../view/spans.ts'
import type { Preview } from './source.ts'
import { pointsIn, previewOf, type RollbackState, selectedPoint } from './state.ts'

/** What going back to the point at the cursor means, in lines of at most `width` columns. */
export function differenceLines(state: RollbackState, now: Date, width: number, style: Style): readonly Spans[] {
  const point = selectedPoint(state)
  if (point === undefined) return []
  const preview = previewOf(state)
  return [
    ...headLines(point, now, width),
    ...badLines(point, now, width, style),
    ...(preview.kind === 'failed' ? failureLines(preview, width, style) : []),
    ...(preview.kind === 'loaded'
      ? previewLines(preview.value, point, width, style)
      : recordLines(state, point, width, style)),
    ...(preview.kind === 'loading' ? [quiet(`Looking at what it would change${glyph(style, 'ellipsis')}`)] : []),
  ]
}

function headLines({ release, current }: RollbackPoint, now: Date, width: number): readonly Spans[] {
  const { id, version, deployedAt, deployedBy, of } = release
  const back = of === undefined ? '' : `, which went back to ${of}`
  const what = current ? 'runs now' : 'an earlier release'
  const text = `${id} (${version}), ${what}${back}: deployed ${since(deployedAt, now)} ago by ${deployedBy}`
  return [...wrap(text, width).map((line): Spans => [{ text: line, tone: 'strong' }]), []]
}

function badLines({ bad }: RollbackPoint, now: Date, width: number, style: Style): readonly Spans[] {
  if (bad === null) return []
  const text = `${glyph(style, 'warning')} An update to ${bad.version} failed here ${since(bad.at, now)} ago: ${bad.cause}`
  return [...paragraph(text, width, 'warn'), []]
}

/** Why it cannot be gone back to. */
function failureLines({ message, hint, problems }: Failure, width: number, style: Style): readonly Spans[] {
  const all = problems.length === 0 ? [{ message, hint }] : problems
  return all.flatMap(({ message: what, hint: how }) => [
    ...paragraph(`${glyph(style, 'failed')} ${what}`, width, 'bad'),
    ...(how === undefined ? [] : paragraph(`${glyph(style, 'hint')} ${how}`, width)),
    [],
  ])
}

/** What the records alone tell, while the rest is read or where it cannot be. */
function recordLines(state: RollbackState, point: RollbackPoint, width: number, style: Style): readonly Spans[] {
  const current = pointsIn(state).find((other) => other.current)
  return current === undefined || current === point
    ? []
    : imageLines(imageChanges(current.release, point.release), width, style)
}

function previewLines(
  { rollback, changes, downtime, warnings }: Preview,
  point: RollbackPoint,
  width: number,
  style: Style,
): readonly Spans[] {
  const { from, to, images, config, data } = rollback
  const nothing = point.current ? 'Nothing: it is what runs' : 'Nothing: what runs is the same'
  return [
    fact('Changes', changes === 0 ? nothing : plural(changes, 'resource')),
    ...downtimeLines(downtime, width),
    ...imageLines(images, width, style),
    ...dataLines(data, point, from.version === to.version ? undefined : to.version, width),
    ...warnings.flatMap((warning) => paragraph(`${glyph(style, 'warning')} ${warning}`, width, 'warn')),
    ...(config === null
      ? [fact('Config', 'stays as it is: that of the point is no longer kept')]
      : config.same
        ? [fact('Config', 'the same')]
        : [
            fact('Config', plural(config.changes.length, 'setting')),
            ...diffRows(config).map(({ text, tone }): Spans => [{ text: `  ${text}`, tone }]),
          ]),
  ]
}

function downtimeLines(downtime: Preview['downtime'], width: number): readonly Spans[] {
  if (downtime.length === 0) return [fact('Downtime', 'none')]
  return downtime.flatMap(({ service, expected, why }, index) =>
    longFact(index === 0 ? 'Downtime' : '', `${service} about ${expected} s: ${why}`, width, 'warn'),
  )
}

function imageLines(images: readonly ImageChange[], width: number, style: Style): readonly Spans[] {
  if (images.length === 0) return [fact('Images', 'the same')]
  const arrow = style.unicode ? '→' : '->'
  return images.flatMap(({ service, from, to }, index) =>
    longFact(index === 0 ? 'Images' : '', `${service} ${imageText(from)} ${arrow} ${imageText(to)}`, width),
  )
}

/** The tag and the beginning of the digest: a tag may have moved. */
function imageText(image: ReleasedImage | null): string {
  if (image === null) return 'none'
  const { reference, digest, imageId } = image
  const id = (digest ?? imageId).split('sha256:')[1]?.slice(0, 12)
  const tag = imageTag(reference)
  return id === undefined || tag.includes(id) ? tag : `${tag} (${id})`
}

function dataLines(
  data: Preview['rollback']['data'],
  point: RollbackPoint,
  otherVersion: string | undefined,
  width: number,
): readonly Spans[] {
  if (data !== null) return longFact('Data', `back to ${data.backup}. ${lossText(data.loss)}`, width, 'bad')
  const able = otherVersion === undefined ? '' : `; ${otherVersion} has to be able to read it`
  const offer = point.data === null ? '' : `. D puts it back to ${point.data.id}`
  return longFact('Data', `stays as it is${able}${offer}`, width)
}

const quiet = (text: string): Spans => [{ text, tone: 'quiet' }]
