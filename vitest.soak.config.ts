import { defineConfig } from 'vitest/config'

/**
 * `npm run soak`: what takes too long for every change, with what was measured: see docs/test-lab.md. On a machine that does
 * nothing else, for an hour or two.
 */
export default defineConfig({
  test: {
    include: ['test/soak/*.soak.ts'],
    globalSetup: ['test/lab/global-setup.ts'],
    testTimeout: 4 * 3_600_000,
    hookTimeout: 240_000,
    maxWorkers: 1,
    reporters: ['verbose'],
  },
})
