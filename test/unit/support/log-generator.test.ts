import { describe, expect, it } from '@jest/globals'
import { createZoneOffset } from '@kafka-etl/common'
import { normalize } from '../../../pipelines/timestamps/normalize.js'
import { badRecords } from '../../support/bad-records.js'
import { createLoad, standardTopics, type LoadRecord } from '../../support/log-generator.js'

const zone = 'America/New_York'
const rules = { zone, offsetAt: createZoneOffset(zone), localTime: 'reject', zoneCheck: 'reject' } as const
const load = createLoad({ seed: 7, count: 2_000, topics: standardTopics(3) })
const toBytes = (value: LoadRecord['value']): Buffer | null => (value === null ? null : Buffer.from(value))

describe('badRecords', () => {
  it.each(badRecords.map((record) => [record.name, record] as const))('%s is set aside', (_, { value, reason }) => {
    expect(normalize(value, 0, rules)).toMatchObject({ ok: false, reason })
  })

  it('pollute nothing', () => {
    expect('polluted' in {}).toBe(false)
  })
})

describe('createLoad', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(createLoad({ seed: 7, count: 2_000, topics: standardTopics(3) })).toEqual(load)
    expect(createLoad({ seed: 8, count: 2_000, topics: standardTopics(3) })).not.toEqual(load)
  })

  it('gives unique ids, every partition its share, and about one bad record in twenty', () => {
    expect(new Set(load.map(({ id }) => id)).size).toBe(2_000)
    expect(new Set(load.map(({ topic, partition }) => `${topic}/${partition}`)).size).toBe(6)
    const badCount = load.filter(({ badReason }) => badReason !== undefined).length
    expect(badCount).toBeGreaterThan(60)
    expect(badCount).toBeLessThan(140)
  })

  it('gives good records that are good, in the offset of their zone', () => {
    const good = load.filter(({ topic, badReason }) => topic === 'timezone1' && badReason === undefined)
    const refused = good.map(({ value }) => normalize(toBytes(value), 0, rules)).filter(({ ok }) => !ok)
    expect(refused).toEqual([])
  })
})
