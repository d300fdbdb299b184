import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { formatEpochMs, type Instant } from '@kafka-etl/common'
import { createFormatTimestamp } from './format-timestamp.js'

type Golden = { readonly zone: string; readonly date: string; readonly timestamp: string }

const golden = JSON.parse(readFileSync(join(__dirname, './golden/instants.json'), 'utf8')) as readonly Golden[]

/** The exact inverse of formatEpochMs, with BigInt. */
const parseEpochMs = (text: string): Instant => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const magnitude = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0'))
  const micros = text.startsWith('-') ? -magnitude : magnitude
  const microsOfMs = ((micros % 1000n) + 1000n) % 1000n
  return { epochMs: Number((micros - microsOfMs) / 1000n), microsOfMs: Number(microsOfMs) }
}

describe('createFormatTimestamp', () => {
  it.each(['America/New_York', 'Europe/Paris'])("prints in %s what Python's zoneinfo prints", (zone) => {
    const format = createFormatTimestamp(zone)
    const cases = golden.filter((one) => one.zone === zone)
    expect(cases.length).toBeGreaterThan(700)
    expect(cases.filter(({ date, timestamp }) => format(parseEpochMs(timestamp)) !== date)).toEqual([])
  })

  it('reads the test table right', () => {
    for (const { timestamp } of golden) expect(formatEpochMs(parseEpochMs(timestamp))).toBe(timestamp)
  })

  it('keeps zeros in front', () => {
    const format = createFormatTimestamp('America/New_York')
    expect(format({ epochMs: 0, microsOfMs: 7 })).toBe('1969-12-31 19:00:00.000007 -0500')
    expect(format({ epochMs: -1, microsOfMs: 999 })).toBe('1969-12-31 18:59:59.999999 -0500')
  })
})
