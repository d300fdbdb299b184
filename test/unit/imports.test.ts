import { describe, expect, it } from '@jest/globals'
import { findCircle, readImports } from './support/imports.js'

const imports = readImports([
  '*-src/src/**/*.ts',
  'console-src/page/**/*.ts',
  'pipelines/**/*.ts',
  'local/src/**/*.ts',
  'bench/src/**/*.ts',
  'test/**/*.ts',
])

/** The workspaces that the sources of each may import, as in the diagram of docs/architecture.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'common-src': [],
  'kafka-src': ['common'],
  'pipeline-src': ['common'],
  pipelines: ['common', 'pipeline'],
  'producer-src': ['common', 'kafka', 'pipeline'],
  'etl-src': ['common', 'kafka', 'pipeline'],
  'reader-src': ['common', 'kafka', 'pipeline'],
  'engine-src': ['common', 'kafka', 'pipeline'],
  'console-src': ['common', 'kafka', 'pipeline', 'engine'],
  'admin-src': ['common', 'kafka', 'pipeline', 'engine', 'reader'],
  local: ['common', 'kafka', 'pipeline', 'engine'],
}

describe('the imports of the sources', () => {
  it('are found', () => {
    expect(imports.size).toBeGreaterThan(300)
    expect(imports.get('etl-src/src/etl.ts')).toEqual(
      expect.arrayContaining(['@kafka-etl/common', 'etl-src/src/etl-loop.ts']),
    )
  })

  it('make no circle', () => {
    expect(findCircle(imports)).toEqual([])
  })

  it.each(Object.entries(allowed))('of %s lead to %j alone, by the names that are exported', (workspace, others) => {
    const isOwn = (file: string): boolean => file.startsWith(`${workspace}/`)
    const strange = [...imports]
      .filter(([file]) => isOwn(file) && !file.endsWith('.test.ts'))
      .flatMap(([file, names]) => names.map((name) => ({ file, name })))
      .filter(({ name }) => {
        if (!name.startsWith('@kafka-etl/')) return name.includes('-src/') && !isOwn(name)
        return !others.includes(name.split('/')[1] ?? '')
      })
    expect(strange.map(({ file, name }) => `${file}: ${name}`)).toEqual([])
  })

  it('leave KafkaJS to kafka-src', () => {
    const users = [...imports]
      .filter(([file, names]) => !file.startsWith('test/') && names.some((name) => /^kafkajs(\/|$)/.test(name)))
      .map(([file]) => file)
    expect(users.filter((file) => !file.startsWith('kafka-src/src/'))).toEqual(['bench/src/naive-etl.ts'])
  })
})

describe('a circle', () => {
  it.each([
    ['of one file', { a: ['a'] }, ['a', 'a']],
    ['of three, behind a file that is in none', { z: ['a'], a: ['b'], b: ['c'], c: ['a'] }, ['a', 'b', 'c', 'a']],
    ['that is none', { a: ['b', 'c'], b: ['c'], c: ['kafkajs'] }, []],
  ])('%s', (_, files: Readonly<Record<string, readonly string[]>>, circle) => {
    expect(findCircle(new Map(Object.entries(files)))).toEqual(circle)
  })
})
