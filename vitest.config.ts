import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/lab/global-setup.ts'],
    // Generous: these only end what hangs. Machines are slow at times, and no test asserts a time.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 3,
    maxConcurrency: 2,
    reporters: ['default'],
  },
})
