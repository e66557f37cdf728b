import { DdalabError, type Problem } from '../../../errors.ts'
import type { OperationContext, OperationHandler } from '../../../kernel/handler.ts'
import type { Operation } from '../../../kernel/plan.ts'
import type { Service, Stack } from '../../../stack/model.ts'
import { serviceHash } from '../../../stack/spec-hash.ts'
import type { Container, Image } from '../client/index.ts'
import { containerBody } from '../container-body.ts'
import { copyContents } from '../contents.ts'
import { COMPOSE, COMPOSE_VERSION, DDALAB } from '../labels.ts'
import { isTemporary } from '../plan/desired.ts'
import { wrongPlatform } from '../plan/preflight.ts'
import {
  madeBy,
  numberInput,
  type OperationTools,
  operationLabel,
  optionalText,
  serviceOf,
  stackOf,
  textInput,
} from './tools.ts'

/** Creates a container without starting it. */
export function containerCreate(tools: OperationTools): OperationHandler {
  const { engine } = tools
  return {
    async execute(operation, context) {
      const stack = stackOf(tools)
      const service = serviceOf(tools, operation)
      const image = await usableImage(tools, service)
      const alias = optionalText(operation, 'alias')
      const { body, connectLater } = containerBody(stack, service, {
        number: numberInput(operation, 'number'),
        finalName: finalName(stack, service, numberInput(operation, 'number')),
        ...(alias !== undefined && { alias }),
        imageId: image.Id,
        apiVersion: engine.apiVersion,
        anonymousVolumes: anonymousVolumes(operation),
        containerOf: (name) => parentContainer(tools, stack, name),
        labels: await labels(tools, operation, context, service),
      })
      const request = {
        name: textInput(operation, 'name'),
        body,
        ...(service.platform !== undefined && { platform: service.platform }),
      }
      const { id } = await tools.inTurn(context.urgency, () => createOverLeftover(tools, request))
      tools.created.set(operation.id, id)
      for (const [network, endpoint] of Object.entries(connectLater)) {
        await engine.networks.connect(network, id, endpoint)
      }
      await copyContents(engine, id, stack, service)
      await expectImage(tools, id, image)
      return { id }
    },

    async undo(operation, outcome, context) {
      const id = typeof outcome?.id === 'string' ? outcome.id : await madeBy(tools, context, operation.id)
      if (id !== undefined) await engine.containers.remove(id, { force: true, volumes: true })
    },
  }
}

/** Rule 20: the image is there and of this engine's platform, before anything is stopped for it. */
async function usableImage({ engine, stack }: OperationTools, service: Service): Promise<Image> {
  const image = await engine.images.inspect(service.image)
  if (image === undefined) {
    throw new DdalabError(
      'IMAGE_NOT_FOUND',
      `The image "${service.image}" of service "${service.name}" is not on this engine.`,
      {
        hint: `Pull or build it, or set another image. Deploying ${stack?.project ?? 'again'} pulls what its registry has.`,
      },
    )
  }
  if (service.platform !== undefined) return image
  const version = await engine.version()
  if (image.Os === version.Os && image.Architecture === version.Arch) return image
  throw asError(
    wrongPlatform(
      service,
      { os: image.Os, architecture: image.Architecture },
      { os: version.Os, architecture: version.Arch },
    ),
  )
}

function asError({ code, message, hint }: Problem): DdalabError {
  return new DdalabError(code, message, hint === undefined ? {} : { hint })
}

/** Rule 30: a name conflict with what an interrupted run left is cleared; with anything else it is an error. */
async function createOverLeftover(
  { engine, stack }: OperationTools,
  request: Parameters<typeof engine.containers.create>[0],
): Promise<{ readonly id: string }> {
  try {
    return await engine.containers.create(request)
  } catch (error) {
    if (!(error instanceof DdalabError) || error.code !== 'NAME_TAKEN') throw error
    const holder = await engine.containers.inspect(request.name)
    if (holder !== undefined && !isLeftover(holder, stack)) throw error
    if (holder !== undefined) await engine.containers.remove(holder.Id, { force: true })
    return engine.containers.create(request)
  }
}

function isLeftover({ Name, Config }: Container, stack: Stack | undefined): boolean {
  return Config.Labels[COMPOSE.project] === stack?.project && isTemporary({ name: Name.replace(/^\//, '') })
}

/** A tag may move between look and creation: what was looked at is what runs (rule 16). */
async function expectImage({ engine }: OperationTools, id: string, image: Image): Promise<void> {
  const container = await engine.containers.inspect(id)
  if (container === undefined || container.Image === image.Id) return
  throw new DdalabError('PLAN_STALE', `The image of ${container.Name.slice(1)} changed while it was being created.`, {
    hint: 'Run the command again.',
  })
}

async function labels(
  tools: OperationTools,
  operation: Operation,
  context: OperationContext,
  service: Service,
): Promise<{ [name: string]: string }> {
  const { hash, sections } = serviceHash(stackOf(tools), service)
  const composeHash = (await tools.composeHashes())[service.name]
  const replaces = optionalText(operation, 'replaces')
  return {
    [COMPOSE.configHash]: composeHash ?? hash,
    [COMPOSE.version]: COMPOSE_VERSION,
    ...(replaces !== undefined && { [COMPOSE.replace]: replaces }),
    [DDALAB.specHash]: hash,
    [DDALAB.spec]: JSON.stringify(sections),
    [DDALAB.operation]: operationLabel(context, operation.id),
  }
}

function finalName(stack: Stack, service: Service, number: number): string {
  return service.containerName ?? `${stack.project}-${service.name}-${number}`
}

/** The container that another service's first replica is now: the one made in this run, or the one that goes by its name. */
function parentContainer({ created }: OperationTools, stack: Stack, name: string): string {
  const made = [...created].find(([operation]) => operation === `container.create:${name}-1`)
  const service = stack.services[name]
  return made?.[1] ?? (service === undefined ? name : finalName(stack, service, 1))
}

function anonymousVolumes({ input }: Operation): { name: string; target: string }[] {
  if (!Array.isArray(input.anonymousVolumes)) return []
  return input.anonymousVolumes.flatMap((volume) =>
    typeof volume?.name === 'string' && typeof volume?.target === 'string'
      ? [{ name: volume.name, target: volume.target }]
      : [],
  )
}
