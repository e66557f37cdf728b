import type { Handlers } from '../../../kernel/handler.ts'
import { awaitCompleted, awaitHealthy } from './await-healthy.ts'
import { containerCreate } from './container-create.ts'
import { containerRemove, containerRename, containerStart, containerStop, containerUnpause } from './container-run.ts'
import { trafficDrain } from './drain.ts'
import { fileRemove, fileWrite, ingressReload } from './files.ts'
import { imageTag } from './images.ts'
import { imagePull, networkCreate, networkRemove, volumeCreate, volumeRemove } from './resources.ts'
import type { OperationTools } from './tools.ts'
import { trafficRoutes } from './traffic.ts'
import { wait } from './wait.ts'

export type { OperationTools } from './tools.ts'

/** The handler of every kind of operation that the docker planner makes. */
export function dockerHandlers(tools: OperationTools): Handlers {
  return {
    'image.pull': imagePull(tools),
    'image.tag': imageTag(tools),
    'network.create': networkCreate(tools),
    'network.remove': networkRemove(tools),
    'volume.create': volumeCreate(tools),
    'volume.remove': volumeRemove(tools),
    'file.write': fileWrite(tools),
    'file.remove': fileRemove(tools),
    'ingress.reload': ingressReload(tools),
    'traffic.hold': trafficRoutes(tools),
    'traffic.switch': trafficRoutes(tools),
    'traffic.settle': trafficRoutes(tools),
    'traffic.drain': trafficDrain(tools),
    'container.create': containerCreate(tools),
    'container.start': containerStart(tools),
    'container.stop': containerStop(tools),
    'container.unpause': containerUnpause(tools),
    'container.awaitHealthy': awaitHealthy(tools),
    'container.watch': awaitHealthy(tools),
    'container.awaitCompleted': awaitCompleted(tools),
    'container.remove': containerRemove(tools),
    'container.rename': containerRename(tools),
    wait,
  }
}
