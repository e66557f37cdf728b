import type { Stack } from '../../src/core/stack/model.ts'
import { labImages } from '../lab/lab.ts'
import { aService, aStack } from '../support/stack.ts'

/** One service, in an old and a new version. */
export function killedStack(project: string, version: 'old' | 'new'): Stack {
  return aStack(project, [
    aService('web', {
      image: labImages.busybox,
      command: ['sh', '-c', 'echo served > /tmp/index.html; exec httpd -f -p 80 -h /tmp'],
      stopSignal: 'SIGKILL',
      environment: { VERSION: version },
      healthcheck: {
        test: ['CMD-SHELL', 'wget -q -O /dev/null http://127.0.0.1/'],
        interval: 500,
        timeout: 2_000,
        retries: 5,
      },
      updateConfig: { parallelism: 1, delay: 0, failureAction: 'rollback', order: 'stop-first', monitor: 0 },
    }),
  ])
}
