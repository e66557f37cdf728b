import { defineConfig } from 'vitest/config'

/** `npm run soak`: many updates under load, one after the other, with what was measured. Takes about half an hour. */
export default defineConfig({
  test: {
    include: ['test/soak/*.soak.ts'],
    globalSetup: ['test/lab/global-setup.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 240_000,
    maxWorkers: 1,
    reporters: ['verbose'],
  },
})
