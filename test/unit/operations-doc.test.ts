import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJobFiles } from '@kafka-etl/engine/job-files'
import { listEngineAccess } from '@kafka-etl/engine/prepare-broker'
import { listAccessRules, listEngineRules } from '@kafka-etl/kafka'
import { listAccessNames } from '@kafka-etl/pipeline'
import { loadRunningPipeline } from '@kafka-etl/pipeline/running'
import { describe, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { createEtlMetrics } from '../../etl-src/src/metrics.js'
import { createMetrics } from '../../producer-src/src/metrics.js'
import { createEngineMetrics } from '../../engine-src/src/metrics.js'
import { createReaderMetrics } from '../../reader-src/src/metrics.js'

const document = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8')
const root = join(__dirname, '../..')

describe('docs/operations.md', () => {
  it('says of every metric what it means, with its labels, and of none that is not there', async () => {
    const registry = new Registry()
    createEtlMetrics(registry, { pipeline: 'p', topics: [], reasons: [], warnings: [] })
    createMetrics(registry, [])
    createReaderMetrics(registry)
    createEngineMetrics(registry)
    const metrics = (await registry.getMetricsAsJSON()).map(({ name }) => {
      const metric = registry.getSingleMetric(name) as unknown as { readonly labelNames: readonly string[] }
      return `${name} ${metric.labelNames.join(', ')}`.trim()
    })
    const told = [...document.matchAll(/^\| `((?:producer|etl|reader|engine)_[a-z_]+)` \| (.*?) ?\| \S/gm)].map(
      ([, name = '', labels = '']) => `${name} ${labels}`.trim(),
    )
    expect(told.toSorted()).toEqual(metrics.toSorted())
  })

  it('lists what each service may do', async () => {
    const loaded = loadRunningPipeline('timestamps', {})
    if (!loaded.ok) throw new Error(loaded.faults.join())
    const { definition, names, folder } = loaded.pipeline
    const environment = { KAFKA_BROKERS: 'kafka:9092', ENGINE_TRANSACTION_TIMEOUT_MS: '1' }
    const { jobs } = await readJobFiles(folder, 'timestamps', environment)
    const rules = [...listAccessRules(listAccessNames(definition, names)), ...listEngineRules(listEngineAccess(jobs))]
    const rows = rules.map(
      ({ user, operations, resource, name, pattern, purpose }) =>
        `| ${user} | ${operations.join(', ')} | ${resource} \`${name}${pattern === 'prefixed' ? '*' : ''}\` | ${purpose} |`,
    )
    const told = document.split('\n').filter((line) => /^\| (?:producer|etl|reader|console|engine) \|/.test(line))
    expect(told).toEqual(rows)
  })

  it('links to headings that are there', () => {
    const headings = [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    )
    const links = [...document.matchAll(/\]\(#([^)]*)\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !headings.includes(link))).toEqual([])
  })

  it('links to files that are there', () => {
    const links = [...document.matchAll(/\]\(([^)#:]+)[^)]*\)/g)].map(([, link = '']) => join(root, 'docs', link))
    for (const link of links) expect(() => readFileSync(link)).not.toThrow()
  })
})
