import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { outputRoomBytes } from '@kafka-etl/pipeline'
import { createWriteNormalized } from './fast-path.js'
import { createRules, normalize, type NormalizeRules } from './normalize.js'

type InstantCase = { readonly zone: string; readonly date: string; readonly timestamp: string }
type LocalCase = {
  readonly zone: string
  readonly date: string
  readonly kind: 'once' | 'ambiguous' | 'skipped'
  readonly earlier: string
  readonly later: string
}

const readTable = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, 'golden', name), 'utf8'))

const instants = readTable('instants.json') as readonly InstantCase[]
const localTimes = readTable('local-times.json') as readonly LocalCase[]

const zones = ['America/New_York', 'Europe/Paris'] as const

/** The timestamp text, or the reason of the rejection, for each case of a zone. */
const runAll = <Case extends { readonly zone: string; readonly date: string }>(
  cases: readonly Case[],
  zone: string,
  options: Pick<NormalizeRules, 'localTime' | 'zoneCheck'>,
): readonly (readonly [Case, string])[] => {
  const rules = createRules({ zone, ...options })
  const writeFast = createWriteNormalized(rules)
  return cases
    .filter((golden) => golden.zone === zone)
    .map((golden) => {
      const value = Buffer.from(JSON.stringify({ date: golden.date, message: '1' }))
      const outcome = normalize(value, 0, rules)
      const room = { bytes: Buffer.alloc(value.length + outputRoomBytes), eventTimeMs: Number.NaN }
      const written = writeFast(value, 0, value.length, room, 0)
      if (written >= 0) {
        const output = room.bytes.toString('utf8', 0, written)
        expect({ ok: true, value: output, eventTimeMs: room.eventTimeMs }).toEqual(outcome)
      }
      return [golden, outcome.ok ? (/"timestamp":([-.\d]+),/.exec(outcome.value)?.[1] ?? '') : outcome.reason] as const
    })
}

describe.each(zones)("python's zoneinfo and the pipeline agree in %s", (zone) => {
  it('on dates with their offset, which is the one that the zone had', () => {
    const results = runAll(instants, zone, { localTime: 'reject', zoneCheck: 'reject' })
    expect(results.length).toBeGreaterThan(700)
    expect(results.filter(([{ timestamp }, got]) => timestamp !== got)).toEqual([])
  })

  it.each(['earlier', 'later'] as const)('on dates without an offset, the %s instant', (localTime) => {
    const results = runAll(localTimes, zone, { localTime, zoneCheck: 'reject' })
    expect(results.length).toBeGreaterThan(1000)
    expect(results.filter(([golden, got]) => golden[localTime] !== got)).toEqual([])
  })

  it('on which local times clock changes repeat and skip', () => {
    const expected = { once: undefined, ambiguous: 'local_time_ambiguous', skipped: 'local_time_skipped' }
    const results = runAll(localTimes, zone, { localTime: 'reject', zoneCheck: 'reject' })
    expect(results.filter(([golden, got]) => (expected[golden.kind] ?? golden.earlier) !== got)).toEqual([])
  })
})
