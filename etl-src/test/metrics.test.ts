import { describe, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { createEtlMetrics } from '../src/metrics.js'

describe('the metrics of the ETL', () => {
  it('have every series from the start, so that the first rejection is an increase', async () => {
    const registry = new Registry()
    createEtlMetrics(registry, ['one', 'two'])
    const text = await registry.metrics()
    for (const series of [
      'etl_records_in_total{topic="one"} 0',
      'etl_records_out_total{topic="two"} 0',
      'etl_records_rejected_total{topic="one",reason="value_not_json"} 0',
      'etl_records_rejected_total{topic="two",reason="record_too_large"} 0',
      'etl_records_warned_total{topic="two",warning="zone_mismatch"} 0',
      'etl_transactions_failed_total{topic="one"} 0',
      'etl_producer_inits_total{topic="two"} 0',
    ]) {
      expect(text.split('\n')).toContain(series)
    }
  })
})
