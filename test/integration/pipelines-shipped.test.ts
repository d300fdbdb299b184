import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { listSources } from '@kafka-etl/pipeline'
import { testPipeline, type PipelineRun } from '@kafka-etl/pipeline/testing'
import { pipeline as connector } from '../../pipelines/connector/pipeline.js'
import { pipeline as joins } from '../../pipelines/joins/pipeline.js'
import { pipeline as noaa } from '../../pipelines/noaa/pipeline.js'
import { pipeline as timestamps } from '../../pipelines/timestamps/pipeline.js'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { assertSameAsDriver } from '../support/driver-comparison.js'
import { endAfterTests } from '../support/leftovers.js'
import { repositoryRoot } from '../support/repository.js'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

type Shipped = {
  readonly run: PipelineRun
  readonly definition: Parameters<typeof assertSameAsDriver>[0]['definition']
  /** How much of the sample to send; empty: all of it. */
  readonly count: string
  /** Sent instead of the sample. */
  readonly file?: string
}

const inputs = [
  { topic: 'timezone1', zone: 'America/New_York' },
  { topic: 'timezone2', zone: 'Europe/Paris' },
]
const timestampsSettings = {
  ...{ inputs, outputTopic: 'unified_timestamps' },
  ...({ localTime: 'reject', zoneCheck: 'warn', dates: 'strict' } as const),
}

const withoutPauses = (sample: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pipelines-shipped-'))
  endAfterTests(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'sample.jsonl')
  const text = readFileSync(join(repositoryRoot, 'pipelines', sample), 'utf8')
  writeFileSync(path, text.replaceAll(/"afterMs":\d+,?/g, '').replaceAll(',}', '}'))
  return path
}

const shipped: Readonly<Record<string, Shipped>> = {
  timestamps: { run: testPipeline(timestamps), definition: timestamps.define(timestampsSettings), count: '500' },
  noaa: { run: testPipeline(noaa), definition: noaa.define({}), count: '3000' },
  connector: { run: testPipeline(connector), definition: connector.define({}), count: '30' },
  joins: {
    run: testPipeline(joins),
    definition: joins.define({}),
    count: '',
    file: withoutPauses('joins/sample.jsonl'),
  },
}

withBroker('the sample of a shipped pipeline on a broker', {}, (site) => {
  it.each(Object.entries(shipped))(
    '%s becomes what the driver makes of it',
    async (name, { run, definition, count, file = '' }) => {
      const { oracle, kafka } = site
      const environment = { PIPELINE: name, PRODUCER_RATE: '0', PRODUCER_COUNT: count, PRODUCER_FILE: file }
      const start = (service: 'etl' | 'producer') =>
        startServiceProcess({ service, bootstrap: kafka.bootstrap, environment })
      const [etl, producer] = await Promise.all([start('etl'), start('producer')])
      expect(await producer.exit).toEqual({ code: 0, signal: null })
      const [group, deadLetterTopic] =
        name === 'timestamps' ? ['etl', 'dead_letters'] : [`etl-${name}`, `${name}_dead_letters`]
      const sources = listSources(definition).map(({ topic }) => topic)
      await waitFor(() => isGroupAtEnd(oracle, group, sources), {
        what: 'all records to be handled',
        deadlineMs: 60_000,
      })
      await etl.terminate()
      await assertSameAsDriver({ oracle, definition, deadLetterTopic, run })
    },
    120_000,
  )
})
