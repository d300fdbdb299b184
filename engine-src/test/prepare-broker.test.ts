import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Logger } from '@kafka-etl/common'
import { prepareBrokerForJobs } from '../src/prepare-broker.js'

const sql = `SET 'pipeline.name' = 'count';
CREATE TEMPORARY TABLE words (w STRING) WITH (
  'connector' = 'kafka', 'topic' = '\${IN:-words}', 'properties.bootstrap.servers' = '\${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-count');
CREATE TEMPORARY TABLE counts (w STRING, n BIGINT, PRIMARY KEY (w) NOT ENFORCED) WITH (
  'connector' = 'upsert-kafka', 'topic' = 'counts', 'sink.transactional-id-prefix' = 'engine-count',
  'properties.transaction.timeout.ms' = '\${ENGINE_TRANSACTION_TIMEOUT_MS}');
INSERT INTO counts SELECT w, COUNT(*) FROM words GROUP BY w;`

describe('prepareBrokerForJobs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prepare-broker-'))
  const created: unknown[] = []
  const options = {
    folder,
    pipeline: 'words',
    environment: { IN: 'words_valid' },
    logger: { info: () => undefined } as unknown as Logger,
    admin: {
      readPartitionCounts: () => Promise.resolve(new Map([['words_valid', 1]])),
      awaitPartitionCounts: () => Promise.resolve(new Map<string, number>()),
      createTopics: (topics: readonly unknown[]) => {
        created.push(...topics)
        return Promise.resolve(true)
      },
    },
  }
  beforeAll(() => writeFileSync(join(folder, 'count.sql'), sql))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('makes what the jobs write, and says what they need', async () => {
    expect(await prepareBrokerForJobs(options)).toEqual({
      read: ['words_valid'],
      written: ['counts'],
      groups: ['engine-count'],
      transactionalIdPrefixes: ['engine-count'],
    })
    expect(created).toEqual([{ topic: 'counts', partitions: 1, settings: { 'cleanup.policy': 'compact' } }])
  })

  it('says what is wrong with a file', async () => {
    writeFileSync(join(folder, 'nameless.sql'), 'SELECT 1')
    await expect(prepareBrokerForJobs(options)).rejects.toThrow("words/nameless.sql:1: expected SET 'pipeline.name'")
  })
})
