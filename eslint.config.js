import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import typescript from 'typescript-eslint'

const processBan = {
  name: 'process',
  message:
    'Only main.ts, service.ts and the files that own the process touch it; everything else takes settings, clock and streams as arguments.',
}

const kafkaBan = 'Use @kafka-etl/kafka: KafkaJS is known to kafka-src alone.'

export default typescript.config(
  { ignores: ['**/dist/', '**/*_pb.ts', '**/node_modules/', '.data*/', 'results/', 'coverage/'] },
  js.configs.recommended,
  typescript.configs.strictTypeChecked,
  typescript.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          '*-src/tsconfig.json',
          'console-src/page/tsconfig.json',
          'pipelines/tsconfig.json',
          'local/tsconfig.json',
          'bench/tsconfig.json',
          'test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // `import x = require()`: a typed CommonJS package in an ES module.
      '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'Name each export.' },
      ],
    },
  },
  {
    files: ['*-src/src/**/*.ts'],
    ignores: [
      '**/main.ts',
      '{producer,etl,reader,engine,console}-src/src/service.ts',
      'common-src/src/process/run-service.ts',
      'pipeline-src/src/pipeline-service.ts',
    ],
    rules: { 'no-restricted-globals': ['error', processBan] },
  },
  {
    // Only kafka-src uses KafkaJS. Tests of the tools, and the naive peer of the benchmark, use it directly.
    files: [
      '{admin,common,console,engine,etl,pipeline,producer,reader}-src/src/**/*.ts',
      'pipelines/**/*.ts',
      'local/src/**/*.ts',
      'bench/src/**/*.ts',
    ],
    ignores: ['bench/src/naive-etl.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['kafkajs', 'kafkajs/*'], message: kafkaBan }] }],
    },
  },
  {
    files: ['**/*.js'],
    extends: [typescript.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly' } },
    rules: { 'no-restricted-syntax': 'off' },
  },
  prettier,
)
