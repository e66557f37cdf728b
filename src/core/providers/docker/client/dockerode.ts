import Docker from 'dockerode'
import type { Transport } from './transport.ts'

declare module 'dockerode' {
  interface DockerOptions {
    /** In the place of docker-modem; see transport.ts. */
    readonly modem?: Transport
  }
}

/** dockerode, over our own wire. */
export function dockerodeOver(transport: Transport): Docker {
  return new Docker({ modem: transport })
}
