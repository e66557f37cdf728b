import { describe, expect, it } from 'vitest'
import { DdalabError } from '../../../src/core/errors.ts'
import { describeEngineError } from '../../../src/core/providers/docker/client/index.ts'
import { HttpError } from '../../../src/core/providers/docker/client/transport.ts'

const broken = (code: string) => Object.assign(new Error(code), { code })

describe('what the engine says, as an error with a code', () => {
  it.each([
    [
      'driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated',
      'PORT_TAKEN',
    ],
    ['listen tcp4 0.0.0.0:80: bind: address already in use', 'PORT_TAKEN'],
    ['rootlessport cannot expose privileged port 80, you can add ...', 'PORT_PRIVILEGED'],
    ['listen tcp4 0.0.0.0:80: bind: permission denied', 'PORT_PRIVILEGED'],
    ['write /var/lib/docker/tmp/x: no space left on device', 'DISK_FULL'],
    ['could not find an available, non-overlapping IPv4 address pool among the defaults', 'ADDRESS_POOL_EXHAUSTED'],
    ['all predefined address pools have been fully subnetted', 'ADDRESS_POOL_EXHAUSTED'],
    ['Pool overlaps with other one on this address space', 'ADDRESS_POOL_EXHAUSTED'],
    ['Conflict. The container name "/web" is already in use by container "abc".', 'NAME_TAKEN'],
    ['network with name lab_default already exists', 'NAME_TAKEN'],
    ['error while removing network: network lab has active endpoints', 'NETWORK_IN_USE'],
    ['No such image: none:latest', 'IMAGE_NOT_FOUND'],
    [
      'image with reference x was found but does not match the specified platform: wanted linux/arm64',
      'IMAGE_WRONG_PLATFORM',
    ],
    ['invalid mount config for type "bind": bind source path does not exist: /none', 'BIND_SOURCE_MISSING'],
    ['No such container: web', 'CONTAINER_NOT_FOUND'],
    ['Container abc is not running', 'PRECONDITION_FAILED'],
    ['client version 1.51 is too old. Minimum supported API version is 1.60', 'PRECONDITION_FAILED'],
    ['something new', 'OPERATION_FAILED'],
  ])('%s', (message, code) => {
    const error = describeEngineError(new HttpError(500, message), 'start container web')
    expect(error.code).toBe(code)
    expect(error.message).toBe(`Could not start container web: ${message}`)
    if (code !== 'OPERATION_FAILED') expect(error.options.hint).toBeTruthy()
  })

  it('rule 32: a broken connection is an engine that is gone, whatever broke it', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ENOENT']) {
      expect(describeEngineError(broken(code), 'start container web').code).toBe('ENGINE_GONE')
    }
  })

  it('an abort tells its own reason when it has one', () => {
    const abort = (cause?: unknown) => Object.assign(new Error('aborted', { cause }), { name: 'AbortError' })
    expect(describeEngineError(abort(), 'pull x').code).toBe('INTERRUPTED')
    const deadline = new DdalabError('TIMED_OUT', 'too late')
    expect(describeEngineError(abort(deadline), 'pull x')).toBe(deadline)
  })

  it('our own errors stay as they are', () => {
    const error = new DdalabError('UNHEALTHY', 'sick')
    expect(describeEngineError(error, 'x')).toBe(error)
  })
})
