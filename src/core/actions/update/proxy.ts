import http from 'node:http'
import type { World } from '../world.ts'

/**
 * Runs it with the requests of `fetch` going through the proxy of HTTPS_PROXY, as those of the Docker tools do, and NO_PROXY
 * honoured. Plain HTTP is never sent through one: only this machine itself is asked that way. Node has this from 25.4 on.
 */
export async function throughProxy<T>({ environment, hide }: World, work: () => Promise<T>): Promise<T> {
  const { httpsProxy, noProxy } = environment
  if (httpsProxy === undefined || typeof http.setGlobalProxyFromEnv !== 'function') return work()
  const password = URL.parse(httpsProxy)?.password
  if (password) hide([password, decodeURIComponent(password)])
  const restore = http.setGlobalProxyFromEnv({
    https_proxy: httpsProxy,
    ...(noProxy !== undefined && { no_proxy: noProxy }),
  })
  try {
    return await work()
  } finally {
    restore()
  }
}
