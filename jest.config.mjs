/** Tests run from the TypeScript sources, as ES modules; the servers they share are started once by globalSetup. */
export default {
  testEnvironment: '<rootDir>/tests/support/environment.cjs',
  runtime: '<rootDir>/tests/support/runtime.cjs',
  globalSetup: '<rootDir>/tests/support/globalSetup.mjs',
  globalTeardown: '<rootDir>/tests/support/globalTeardown.mjs',
  setupFiles: ['<rootDir>/tests/support/seed.mjs'],
  roots: ['<rootDir>/tests'],
  moduleNameMapper: { '^webpack$': '<rootDir>/tests/support/webpack.cjs' },
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  reporters: ['default', '<rootDir>/tests/support/count-reporter.mjs'],
  // Of two processors a third is idle with two: much of what tests do is waiting for servers.
  maxWorkers: 3,
  // What a test file leaves behind is marked again by every collection of garbage after it: a third of all time in the end.
  workerIdleMemoryLimit: '500MB',
  testTimeout: 60_000,
};
