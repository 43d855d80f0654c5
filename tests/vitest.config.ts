// Tests that run the real binary: one folder each, chosen with --dir by ./test, which also names the
// binary, the repository and the browser in BEIAN_BIN, BEIAN_ROOT and BEIAN_CHROMIUM.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A server with sanitizers per file: more files at once than cores only makes them time out.
    maxWorkers: 2,
  },
})
