/** Run with `node --experimental-vm-modules`, which `npm test` and `npm run check` do. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{domain,queues,edge,workers,infra,tests}/**/*.test.ts'],
  setupFiles: ['<rootDir>/tests/random-seed.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.local/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    // verbatimModuleSyntax as in tsconfig.json: what Node strips when it runs the product natively.
    '\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript' },
          transform: { verbatimModuleSyntax: true },
        },
      },
    ],
  },
  // Against hanging, on a machine as busy as may be: no test is about how long it takes.
  testTimeout: 180_000,
  maxWorkers: '100%',
  testSequencer: '<rootDir>/tests/sequencer.mjs',
};
