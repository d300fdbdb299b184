import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseIsoDate } from './iso-date.js'
import { createRules, normalize } from './normalize.js'
import { parseDate } from './parse-date.js'

/**
 * A date as a programming language prints it, and the instant according to that language; null: a form that is not
 * read.
 */
type PrintedDate = {
  readonly tool: string
  readonly text: string
  readonly read: {
    readonly localSeconds: number
    readonly micros: number
    readonly offsetSeconds: number | null
  } | null
}

const printed = JSON.parse(readFileSync(join(__dirname, 'golden', 'iso-dates.json'), 'utf8')) as readonly PrintedDate[]

describe('parseIsoDate', () => {
  it.each([
    ['2024-02-05T10:01:52.884548-05:00', '2024-02-05 10:01:52.884548 -0500'],
    ['2024-02-05 10:01:52-0500', '2024-02-05 10:01:52.000000 -0500'],
    ['2024-02-05T10:01:52Z', '2024-02-05 10:01:52.000000 +0000'],
    ['2024-02-05T10:01:52.5 +01', '2024-02-05 10:01:52.500000 +0100'],
    ['2024-02-05T10:01:52.884548000Z', '2024-02-05 10:01:52.884548 +0000'],
    ['1883-11-18T12:00:00-04:56:02', '1883-11-18 12:00:00.000000 -045602'],
    ['2024-02-05T10:01:52', '2024-02-05 10:01:52.000000'],
    ['2024-02-05 10:01:52.884548 -0500', '2024-02-05 10:01:52.884548 -0500'],
  ])('reads %s', (text, strict) => {
    expect(parseIsoDate(text)).toEqual(parseDate(strict))
    expect(parseDate(strict).ok).toBe(true)
  })

  it.each([
    '2024-02-05t10:01:52z',
    '2024-02-05T10:01:52.8845481Z',
    '2024-02-05T10:01:52.',
    '2024-02-05T10:01',
    '20240205T100152Z',
    '2024-02-05T10:01:52,5Z',
    '2024-02-05T10:01:52+1',
    '2024-02-05T10:01:52Z+01:00',
    '2024-02-05T10:01:52 UTC',
    '2024-02-30T10:01:52Z',
    '2024-02-05T24:00:00Z',
    '2024-02-05T10:01:52+24:00',
  ])('refuses %s', (text) => expect(parseIsoDate(text).ok).toBe(false))

  it.each([...new Set(printed.map(({ tool }) => tool))])('never misreads what %s prints', (tool) => {
    const dates = printed.filter((date) => date.tool === tool)
    for (const { text, read } of dates) {
      const parsed = parseIsoDate(text)
      const expected = read && { ok: true, ...read, offsetSeconds: read.offsetSeconds ?? undefined }
      expect([text, parsed.ok ? parsed : null]).toEqual([text, expected])
    }
    expect(dates.length).toBeGreaterThan(30)
  })

  it.each(['2024-02-05T10:01:52.8845480-05:00', '2024-02-05T10:01:52.8845480Z'])("reads .NET's %s", (text) => {
    expect(parseIsoDate(text)).toMatchObject({ ok: true, micros: 884_548 })
  })

  it("reads what JavaScript prints as JavaScript's own instant", () => {
    const rules = createRules({ zone: 'Europe/Paris', localTime: 'reject', zoneCheck: 'off', dates: 'iso' })
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(dates, (date) => {
        const outcome = normalize(Buffer.from(`{"date":"${date.toISOString()}","message":""}`), 0, rules)
        expect(outcome.ok && outcome.eventTimeMs).toBe(date.getTime())
      }),
    )
  })

  it('is not what is read by default', () => {
    const rules = createRules({ zone: 'Europe/Paris', localTime: 'reject', zoneCheck: 'off' })
    expect(normalize(Buffer.from('{"date":"2024-02-05T10:01:52Z","message":""}'), 0, rules).ok).toBe(false)
  })
})
