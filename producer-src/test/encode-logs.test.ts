import { describe, expect, it } from '@jest/globals'
import { decodeRuns } from '../../etl-src/test/decode-run.js'
import { createEncodeLogs } from '../src/encode-logs.js'
import { createFormatTimestamp } from '../src/format-timestamp.js'

const instant = { epochMs: 1_707_145_312_884, microsOfMs: 548 }
const encodeLogs = createEncodeLogs(createFormatTimestamp('America/New_York'), () => instant)

describe('the records of logs', () => {
  it('hold the log and its moment', () => {
    const [record, ...others] = decodeRuns(encodeLogs([11]))
    expect(others).toEqual([])
    expect(record?.key).toBeNull()
    expect(record?.value?.toString()).toBe('{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}')
    expect(record?.timestampMs).toBe(instant.epochMs)
    expect(record?.headers).toEqual({})
  })

  it('keep their order, in batches that each stay below the limit of 1 MB', () => {
    const indexes = Array.from({ length: 20_000 }, (_, index) => Number.MAX_SAFE_INTEGER - 20_000 + index)
    const runs = encodeLogs(indexes)
    expect(runs.length).toBeGreaterThan(1)
    for (const { buffer } of runs) expect(buffer.length).toBeLessThan(1_000_000)
    const messages = decodeRuns(runs).map(
      ({ value }) => (JSON.parse(value?.toString() ?? '') as { message: string }).message,
    )
    expect(messages).toEqual(indexes.map(String))
  })
})
