import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Module } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import type { Pipeline } from '@kafka-etl/pipeline'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { build } from 'esbuild'
import { templateOf } from '../../admin-src/src/pipelines/pipeline-template.js'

const root = join(__dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** The pipeline in a document's first TypeScript code, built as `npm run build` builds those in folders. */
const loadExample = async (document: string): Promise<Pipeline> => {
  const contents = /^```ts\n([^]*?)^```$/m.exec(read(document))?.[1]
  if (contents === undefined) throw new Error(`expected ${document} to show a pipeline, found none`)
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'pipelines'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  })
  const loaded = new Module('example') as Module & { _compile: (code: string, path: string) => void }
  loaded._compile(outputFiles[0]?.text ?? '', join(root, 'example.cjs'))
  return (loaded.exports as { readonly pipeline: Pipeline }).pipeline
}

describe.each(['README.md', 'docs/pipelines.md'])('the pipeline in %s', (document) => {
  it('is what `pipelines new orders` makes', () => {
    expect(read(document)).toContain(`\`\`\`ts\n${templateOf('orders')['pipeline.ts'] ?? ''}\`\`\``)
  })

  it('does what it says', async () => {
    const run = testPipeline(await loadExample(document))
    run.send('orders', { id: 'a', cents: 5, country: 'FR' })
    run.send('orders', { id: 'b', cents: 0, country: 'FR' })
    run.send('orders', { id: 'c', cents: 5, country: 'France' })
    expect(run.outputs('byCountry')).toMatchObject([{ key: 'FR', headers: { source: 'orders/0/0' } }])
    expect(run.dropped()).toEqual({ free: 1 })
    expect(run.deadLetters()).toMatchObject([
      { reason: 'country_unknown', message: 'Expected two letters, got France' },
    ])
    expect(run.rows('byCountry')).toBe('id,cents\n"a",5\n')
  })
})

/** Excludes pipelines that a user adds. */
const shipped = ['timestamps', 'noaa', 'connector', 'users', 'rides', 'joins']

describe("a pipeline's README", () => {
  it.each(shipped)('of %s begins with what `make help` shows', (name) => {
    const text = read(`pipelines/${name}/README.md`)
    expect(text).toMatch(new RegExp(`^# ${name}: \\S`))
    expect(text).toMatch(/^Needs .*\.$/m)
  })

  it.each(shipped)('of %s is linked from the README', (name) => {
    expect(read('README.md')).toContain(`](pipelines/${name}/README.md)`)
  })
})
