import { describe, expect, it } from '@jest/globals'
import { createRules, normalize, type NormalizeRules } from './normalize.js'
import type { Outcome } from './outcome.js'
import { rejectReasons } from './reasons.js'

type Options = Partial<Omit<NormalizeRules, 'offsetAt'>>

const handledAtMs = 1_707_217_879_944
const date = '2024-02-05 10:01:52.884548 -0500'

const run = (value: string | Buffer | null, options: Options = {}): Outcome => {
  const defaults = { zone: 'America/New_York', localTime: 'reject', zoneCheck: 'warn' } as const
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return normalize(bytes, handledAtMs, createRules({ ...defaults, ...options }))
}

const runDate = (text: string, options: Options = {}): Outcome =>
  run(JSON.stringify({ date: text, message: '11' }), options)

const reasonOf = (outcome: Outcome): string => (outcome.ok ? `ok: ${outcome.value}` : outcome.reason)

const timestampOf = (outcome: Outcome): string | undefined =>
  outcome.ok ? /^\{"timestamp":([^,]+),/.exec(outcome.value)?.[1] : outcome.reason

describe('a record that is one', () => {
  const output = '{"timestamp":1707145312884.548,"message":"11","time":1707217879944,"diff":1}'
  it.each([
    ['plain', `{"date":"${date}","message":"11"}`],
    ['with the spaces of json.dumps', `{"date": "${date}", "message": "11"}`],
    ['with other spaces', `\n{ "date" :\t"${date}","message":"11" }\r\n`],
    ['with its fields the other way round', `{"message":"11","date":"${date}"}`],
    ['with more fields', `{"level":"info","date":"${date}","tags":[{"a":null}],"message":"11","schema":3}`],
    ['with its date twice: the last counts', `{"date":"x","date":"${date}","message":"1","message":"11"}`],
    ['with escapes', `{"d\\u0061te":"${date.replace('2', '\\u0032')}","message":"\\u0031\\u0031"}`],
    ['with a prototype of its own', `{"__proto__":{"date":"x"},"date":"${date}","message":"11","constructor":1}`],
  ])('%s', (_, value) => expect(run(value)).toEqual({ ok: true, value: output, eventTimeMs: 1_707_145_312_884.548 }))

  it.each([
    ['quotes and backslashes', 'a "b" \\ c', '"a \\"b\\" \\\\ c"'],
    ['control characters', 'a\r\n\t\u0000\u001b', '"a\\r\\n\\t\\u0000\\u001b"'],
    ['text that is not ASCII', 'é — 日本 🕰', '"é — 日本 🕰"'],
    ['a lone surrogate', '\ud800', '"\\ud800"'],
    ['nothing', '', '""'],
    ['another record', '{"date":"x"}', '"{\\"date\\":\\"x\\"}"'],
  ])('with a message of %s', (_, message, printed) => {
    expect(run(JSON.stringify({ date, message }))).toMatchObject({
      ok: true,
      value: `{"timestamp":1707145312884.548,"message":${printed},"time":${handledAtMs},"diff":1}`,
    })
  })

  it.each([
    ['2024-02-06 06:11:19.632242 -0500', '1707217879632.242'],
    ['2024-02-06 06:11:19.632240 -0500', '1707217879632.24'],
    ['2024-02-06 06:11:19.632200 -0500', '1707217879632.2'],
    ['2024-02-06 06:11:19.632000 -0500', '1707217879632'],
    ['2024-02-06 06:11:19.632002 -0500', '1707217879632.002'],
    ['1970-01-01 00:00:00.000000 +0000', '0'],
    ['1969-12-31 23:59:59.999999 -0000', '-0.001'],
    ['1969-12-31 23:59:59.000000 +0000', '-1000'],
    ['1970-01-01 00:00:00.000001 +0100', '-3599999.999'],
    ['0001-01-01 00:00:00.000001 +0000', '-62135596799999.999'],
    ['9999-12-31 23:59:59.999999 -2359', '253402387139999.999'],
    ['2255-06-05 23:47:34.740993 +0000', '9007199254740.993'],
    ['2024-02-29 12:00:00.000000 +0530', '1709188200000'],
    ['1883-11-18 12:03:57.999999 -045602', '-2717650800000.001'],
  ])('%s is %s', (text, timestamp) => expect(timestampOf(runDate(text, { zoneCheck: 'off' }))).toBe(timestamp))
})

describe('a record that is none is set aside', () => {
  it.each([
    ['a tombstone', null, 'value_empty'],
    ['nothing', '', 'value_empty'],
    ['blanks', '  ', 'value_not_json'],
    ['no JSON', 'date', 'value_not_json'],
    ['half of it', `{"date":"${date}","mess`, 'value_not_json'],
    ['two records', `{"date":"${date}","message":"1"}{}`, 'value_not_json'],
    ['a byte order mark', `\ufeff{"date":"${date}","message":"1"}`, 'value_not_json'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'value_not_utf8'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'value_not_utf8'],
    ['a cut character', Buffer.from([0x22, 0xe2, 0x82, 0x22]), 'value_not_utf8'],
    ['null', 'null', 'value_not_object'],
    ['an array', '[]', 'value_not_object'],
    ['a number', '1', 'value_not_object'],
    ['a text', '"x"', 'value_not_object'],
    ['no field', '{}', 'field_missing'],
    ['no message', `{"date":"${date}"}`, 'field_missing'],
    ['no date', '{"message":"1"}', 'field_missing'],
    ['a date of its prototype', `{"__proto__":{"date":"${date}"},"message":"1"}`, 'field_missing'],
    ['a date that is a number', '{"date":1707145312884.548,"message":"1"}', 'field_not_text'],
    ['a date that is null', '{"date":null,"message":"1"}', 'field_not_text'],
    ['a message that is a number', `{"date":"${date}","message":11}`, 'field_not_text'],
    ['a message that is an object', `{"date":"${date}","message":{}}`, 'field_not_text'],
  ])('%s', (_, value, reason) => expect(reasonOf(run(value))).toBe(reason))

  it.each([1_000, 200_000, 5_000_000])('%d brackets deep', (depth) => {
    expect(['value_not_object', 'value_not_json']).toContain(reasonOf(run('['.repeat(depth) + ']'.repeat(depth))))
    expect(reasonOf(run('['.repeat(depth)))).toBe('value_not_json')
  })

  it.each([
    '',
    '2024-02-05',
    '2024-02-05T10:01:52.884548 -0500',
    '2024-02-05 10:01:52 -0500',
    '2024-02-05 10:01:52.884 -0500',
    '2024-02-05 10:01:52.8845480 -0500',
    '2024-02-05 10:01:52,884548 -0500',
    '2024-02-05 10:01:52.884548 -05:00',
    '2024-02-05 10:01:52.884548 -05',
    '2024-02-05 10:01:52.884548 -05000',
    '2024-02-05 10:01:52.884548-0500',
    '2024-02-05 10:01:52.884548  -0500',
    '2024-02-05 10:01:52.884548 Z',
    '2024-02-05 10:01:52.884548 EST',
    '2024-02-05 10:01:52.884548 0500',
    '2024-02-05 10:01:52.884548 ',
    '2024-02-05 10:01:52.884548 -0500 ',
    '2024-02-05 10:01:52.884548 -0500\n',
    ' 2024-02-05 10:01:52.884548 -0500',
    '24-02-05 10:01:52.884548 -0500',
    '10000-02-05 10:01:52.884548 -0500',
    '-2024-02-05 10:01:52.884548 -0500',
    '+024-02-05 10:01:52.884548 -0500',
    '2024-2-5 10:01:52.884548 -0500',
    '2024-02-05 10:01:5x.884548 -0500',
    '２０２４-02-05 10:01:52.884548 -0500',
    '202\u0130-02-05 10:01:52.884548 -0500',
    '1707145312884.548',
    'x'.repeat(100_000),
  ])('date not in the format: %.40j', (text) => expect(reasonOf(runDate(text))).toBe('date_not_in_format'))

  it.each([
    '2024-02-30 10:01:52.884548 -0500',
    '2023-02-29 10:01:52.884548 -0500',
    '1900-02-29 10:01:52.884548 -0500',
    '2024-04-31 10:01:52.884548 -0500',
    '2024-13-01 10:01:52.884548 -0500',
    '2024-00-01 10:01:52.884548 -0500',
    '2024-01-00 10:01:52.884548 -0500',
    '2024-01-32 10:01:52.884548 -0500',
    '2024-02-05 24:00:00.000000 -0500',
    '2024-02-05 25:00:00.000000 -0500',
    '2024-02-05 10:60:00.000000 -0500',
    '2016-12-31 23:59:60.000000 +0000',
    '0000-01-01 00:00:00.000000 +0000',
    '2024-02-30 10:01:52.884548',
    '2024-02-30 10:01:52.884548 -9900',
  ])('date that does not exist: %s', (text) => expect(reasonOf(runDate(text))).toBe('date_does_not_exist'))

  it.each(['-2400', '+2400', '-9999', '+0060', '-045660', '+240000'])('offset out of range: %s', (offset) => {
    const outcome = runDate(`2024-02-05 10:01:52.884548 ${offset}`)
    expect(reasonOf(outcome)).toBe('offset_out_of_range')
    expect(outcome).toMatchObject({ message: expect.stringContaining(`"${offset}"`) })
  })

  it('with every reason that the pipeline has', () => expect(new Set(rejectReasons).size).toBe(rejectReasons.length))
})

describe('what is said of a record that is set aside', () => {
  it('says what was expected and what came', () => {
    expect(runDate('2024-02-30 10:01:52.884548 -0500')).toEqual({
      ok: false,
      reason: 'date_does_not_exist',
      message: 'Expected date to be one that exists, got "2024-02-30 10:01:52.884548 -0500"',
    })
  })

  it('shows no more than a piece of it, and nothing that a terminal would obey', () => {
    const outcome = runDate(`\u001b[31m\r\n{"level":"error"}\u202e\ud800${'secret'.repeat(50)}`)
    expect(outcome).toEqual({
      ok: false,
      reason: 'date_not_in_format',
      message: expect.stringMatching(/^[ -~]+…"$/),
    })
    expect(outcome.ok ? '' : outcome.message.length).toBeLessThan(200)
  })
})

describe('an offset that the zone did not have', () => {
  const text = '2024-02-05 10:01:52.884548 +0100'
  const value = `{"timestamp":1707123712884.548,"message":"11","time":${handledAtMs},"diff":1}`
  it('is taken as it is when it is not looked at', () =>
    expect(runDate(text, { zoneCheck: 'off' })).toMatchObject({ ok: true, value }))
  it('is warned of', () =>
    expect(runDate(text, { zoneCheck: 'warn' })).toMatchObject({ ok: true, value, warning: 'zone_mismatch' }))
  it('is set aside', () =>
    expect(runDate(text, { zoneCheck: 'reject' })).toEqual({
      ok: false,
      reason: 'zone_mismatch',
      message: 'Expected the offset -0500 that America/New_York had at that instant, got +0100',
    }))
})

describe('a local time that a clock change', () => {
  it.each([
    ['America/New_York', '2024-11-03 01:30:00.000000', '1730611800000', '1730615400000', 'local_time_ambiguous'],
    ['America/New_York', '2024-03-10 02:30:00.000000', '1710052200000', '1710055800000', 'local_time_skipped'],
    ['Europe/Paris', '2024-10-27 02:30:00.000001', '1729989000000.001', '1729992600000.001', 'local_time_ambiguous'],
    ['Europe/Paris', '2024-03-31 02:30:00.000001', '1711845000000.001', '1711848600000.001', 'local_time_skipped'],
    ['Pacific/Apia', '2011-12-30 12:00:00.000000', '1325196000000', '1325282400000', 'local_time_skipped'],
    ['Australia/Lord_Howe', '2024-04-07 01:45:00.000000', '1712414700000', '1712416500000', 'local_time_ambiguous'],
  ])('in %s repeats or skips: %s', (zone, text, earlier, later, reason) => {
    expect(timestampOf(runDate(text, { zone, localTime: 'earlier' }))).toBe(earlier)
    expect(timestampOf(runDate(text, { zone, localTime: 'later' }))).toBe(later)
    expect(reasonOf(runDate(text, { zone, localTime: 'reject' }))).toBe(reason)
  })

  it('is told with the two offsets', () => {
    expect(runDate('2024-11-03 01:30:00.000000')).toMatchObject({
      message:
        'Expected an offset, since America/New_York had this time twice (-0400 and -0500), got "2024-11-03 01:30:00.000000"',
    })
    expect(runDate('2024-03-10 02:30:00.000000')).toMatchObject({
      message:
        'Expected a time that America/New_York had, got "2024-03-10 02:30:00.000000", which its change from -0500 to -0400 skipped',
    })
  })
})

describe('a value that is no JSON', () => {
  it.each([
    ['a byte order mark', '\ufeff{}', 'Expected JSON, got "\\ufeff{}": it begins with a byte order mark'],
    ['a NUL', '{"a":1}\0', 'Expected JSON, got "{\\"a\\":1}\\u0000": it has a NUL at position 7'],
    ['a second value', '{} {}', 'Expected JSON, got "{} {}": it goes on after the end of the value, at position 3'],
    ['half of one', '{"a":', 'Expected JSON, got "{\\"a\\":": it ends too early, after 5 characters'],
    ['an open text', '{"a', 'Expected JSON, got "{\\"a": it is wrong at position 3'],
    ['other text', 'bad 1', 'Expected JSON, got "bad 1": it has a character that JSON does not have there'],
  ])('says that it has %s', (_, value, message) => {
    expect(run(value)).toEqual({ ok: false, reason: 'value_not_json', message })
  })
})
