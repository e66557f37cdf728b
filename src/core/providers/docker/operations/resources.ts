import { DdalabError } from '../../../errors.ts'
import type { OperationHandler } from '../../../kernel/handler.ts'
import { COMPOSE, COMPOSE_VERSION, DDALAB } from '../labels.ts'
import { type OperationTools, operationLabel, optionalText, stackOf, textInput } from './tools.ts'

/** `config-hash` is left out on purpose: Compose never offers to recreate a network or volume without one. */
export function networkCreate(tools: OperationTools): OperationHandler {
  const { engine } = tools
  return {
    async execute(operation, context) {
      const stack = stackOf(tools)
      const key = textInput(operation, 'key')
      const network = stack.networks[key]
      if (network === undefined)
        throw new DdalabError('UNEXPECTED', `The plan names network "${key}", which the stack does not have`)
      if ((await engine.networks.inspect(network.name)) !== undefined) return {}
      const id = await engine.networks.create({
        Name: network.name,
        ...(network.driver !== undefined && { Driver: network.driver }),
        Options: network.driverOpts,
        Internal: network.internal,
        Attachable: network.attachable,
        EnableIPv6: network.enableIpv6,
        ...(network.subnets.length > 0 && {
          IPAM: {
            Config: network.subnets.map(({ subnet, gateway, ipRange }) => ({
              Subnet: subnet,
              Gateway: gateway,
              IPRange: ipRange,
            })),
          },
        }),
        Labels: {
          ...network.labels,
          [COMPOSE.project]: stack.project,
          [COMPOSE.network]: key,
          [COMPOSE.version]: COMPOSE_VERSION,
          [DDALAB.instance]: stack.project,
          [DDALAB.operation]: operationLabel(context, operation.id),
        },
      })
      return { id }
    },
    async undo(operation, outcome, context) {
      const [found] = await engine.networks.list({
        labels: { [DDALAB.operation]: operationLabel(context, operation.id) },
      })
      const id = outcome?.id ?? found?.Id
      if (typeof id === 'string') await engine.networks.remove(id)
    },
  }
}

/** A volume is never taken back: what may hold data is removed by `destroy --volumes` alone. */
export function volumeCreate(tools: OperationTools): OperationHandler {
  return {
    async execute(operation) {
      const stack = stackOf(tools)
      const key = textInput(operation, 'key')
      const volume = stack.volumes[key]
      if (volume === undefined)
        throw new DdalabError('UNEXPECTED', `The plan names volume "${key}", which the stack does not have`)
      await tools.engine.volumes.create({
        Name: volume.name,
        ...(volume.driver !== undefined && { Driver: volume.driver }),
        DriverOpts: volume.driverOpts,
        Labels: {
          ...volume.labels,
          [COMPOSE.project]: stack.project,
          [COMPOSE.volume]: key,
          [COMPOSE.version]: COMPOSE_VERSION,
          [DDALAB.instance]: stack.project,
        },
      })
      return {}
    },
    async undo() {},
  }
}

/** Rule 33: a network that others still use is left, and said to be. */
export function networkRemove({ engine }: OperationTools): OperationHandler {
  return {
    async execute(operation, { progress }) {
      try {
        await engine.networks.remove(textInput(operation, 'name'))
        return {}
      } catch (error) {
        if (!(error instanceof DdalabError) || error.code !== 'NETWORK_IN_USE') throw error
        progress({ message: `${operation.resource} is left: containers of others use it` })
        return { left: true }
      }
    },
  }
}

export function volumeRemove({ engine }: OperationTools): OperationHandler {
  return {
    async execute(operation) {
      await engine.volumes.remove(textInput(operation, 'name'))
      return {}
    },
  }
}

/** A pulled image is a cache, not state: it stays when the run is undone, so that the next try need not fetch it again. */
export function imagePull({ pull }: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      await pull(textInput(operation, 'reference'), optionalText(operation, 'platform'), context)
      return {}
    },
    async undo() {},
  }
}
