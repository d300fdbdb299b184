/**
 * Lanes: `unit` only needs Node, `compose` a Docker engine, `monitoring` Prometheus; the others start their own Kafka
 * from its jars (see test/support).
 * @type {(name: string, roots: string[]) => import('jest').Config}
 */
const lane = (name, testMatch, setupFilesAfterEnv = []) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  setupFilesAfterEnv,
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/\\.data'],
  // An ES module without a CommonJS variant; Jest needs CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!typebox/)'],
  transform: {
    '^.+\\.m?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    '^@kafka-etl/(common|kafka|pipeline)$': '<rootDir>/$1-src/src/index.ts',
    '^@kafka-etl/local/(broker|engine|registry)$': '<rootDir>/local/src/$1/index.ts',
    '^@kafka-etl/pipeline/(testing|loading)$': '<rootDir>/pipeline-src/src/$1.ts',
    '^@kafka-etl/pipeline/registry$': '<rootDir>/pipeline-src/src/registry/index.ts',
    '^@kafka-etl/pipeline/running$': '<rootDir>/pipeline-src/src/running-pipeline.ts',
    '^@kafka-etl/pipeline/service$': '<rootDir>/pipeline-src/src/pipeline-service.ts',
    '^@kafka-etl/pipelines/(.*)$': '<rootDir>/pipelines/$1.ts',
    '^@kafka-etl/reader/rotation$': '<rootDir>/reader-src/src/rotation/rotate-result.ts',
    '^@kafka-etl/engine/(.*)$': '<rootDir>/engine-src/src/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
})

// Whatever a failed test left running would keep the run from ending.
const cleanUp = ['<rootDir>/test/support/clean-up.ts']

/** @type {import('jest').Config} */
export default {
  projects: [
    lane('unit', [
      '*-src/test/**/*.test.ts',
      'pipelines/*/*.test.ts',
      'local/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'test/unit/**/*.test.ts',
    ]),
    lane('integration', ['test/integration/**/*.test.ts'], cleanUp),
    lane('e2e', ['test/e2e/**/*.test.ts'], cleanUp),
    lane('faults', ['test/faults/**/*.ci.test.ts'], cleanUp),
    // The short ones, and those that take minutes each.
    lane('faults-all', ['test/faults/**/*.test.ts'], cleanUp),
    // Switches off each guard and runs its test: minutes each.
    lane('guards', ['test/guards/**/*.test.ts'], cleanUp),
    lane('compose', ['test/compose/!(*.nightly).test.ts'], cleanUp),
    // With those that take minutes each.
    lane('compose-all', ['test/compose/*.test.ts'], cleanUp),
    // Needs Chromium, as in Debian's package `chromium`.
    lane('browser', ['test/browser/**/*.test.ts'], cleanUp),
    // Needs prometheus and promtool, as in Debian's package `prometheus`.
    lane('monitoring', ['test/monitoring/**/*.test.ts'], cleanUp),
  ],
}
