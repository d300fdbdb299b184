import { describe, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { createEtlMetrics } from '../src/metrics.js'
import { emptyBatch } from './empty-batch.js'

describe('the metrics of the ETL', () => {
  it('count input records, whatever becomes of them, outputs and drops', async () => {
    const registry = new Registry()
    const metrics = createEtlMetrics(registry, { pipeline: 'p', topics: ['one'], reasons: [], warnings: [] })
    const batch = { ...emptyBatch, recordCount: 5, outputCount: 7, dropped: new Map([['free', 2]]) }
    metrics.committed('one', batch, 0.1, 0)
    const lines = (await registry.metrics()).split('\n')
    expect(lines).toContain('etl_records_in_total{topic="one",pipeline="p"} 5')
    expect(lines).toContain('etl_records_out_total{topic="one",pipeline="p"} 7')
    expect(lines).toContain('etl_records_dropped_total{topic="one",reason="free",pipeline="p"} 2')
  })

  it('have every series from the start, so that the first rejection is an increase', async () => {
    const registry = new Registry()
    createEtlMetrics(registry, {
      pipeline: 'p',
      topics: ['one', 'two'],
      reasons: ['value_not_json', 'record_too_large'],
      warnings: ['zone_mismatch'],
    })
    const text = await registry.metrics()
    for (const series of [
      'etl_records_in_total{topic="one",pipeline="p"} 0',
      'etl_records_out_total{topic="two",pipeline="p"} 0',
      'etl_records_rejected_total{topic="one",reason="value_not_json",pipeline="p"} 0',
      'etl_records_rejected_total{topic="two",reason="record_too_large",pipeline="p"} 0',
      'etl_records_warned_total{topic="two",warning="zone_mismatch",pipeline="p"} 0',
      'etl_transactions_failed_total{topic="one",pipeline="p"} 0',
      'etl_producer_inits_total{topic="two",pipeline="p"} 0',
    ]) {
      expect(text.split('\n')).toContain(series)
    }
  })
})
