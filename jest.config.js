/**
 * Four lanes: `unit` needs nothing but Node; the others start their own Kafka from its jars (see test/support).
 * @type {(name: string, roots: string[]) => import('jest').Config}
 */
const lane = (name, testMatch) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  modulePathIgnorePatterns: ['/dist/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
  },
  moduleNameMapper: {
    '^@kafka-etl/common$': '<rootDir>/common-src/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
})

/** @type {import('jest').Config} */
export default {
  projects: [
    lane('unit', ['*-src/test/**/*.test.ts', 'local/test/**/*.test.ts', 'test/unit/**/*.test.ts']),
    lane('integration', ['test/integration/**/*.test.ts']),
    lane('e2e', ['test/e2e/**/*.test.ts']),
    lane('faults', ['test/faults/**/*.test.ts']),
  ],
}
