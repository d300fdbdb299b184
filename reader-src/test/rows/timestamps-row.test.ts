import { describe, expect, it } from '@jest/globals'
import { formatTimestampsRow } from '../../src/rows/timestamps-row.js'

const format = (text: string | Buffer, spreadsheetSafe = false) =>
  formatTimestampsRow(Buffer.from(text), { spreadsheetSafe })
const record = (message: string, timestamp = '1707217879632.242') =>
  `{"timestamp":${timestamp},"message":${JSON.stringify(message)},"time":1707217879944,"diff":1}`

describe('formatTimestampsRow', () => {
  it('makes the row of the contract', () => {
    expect(format(record('11'))).toEqual({ ok: true, text: '1707217879632.242,"11",1707217879944,1' })
  })

  it.each(['253402300799999.999', '-62135596800000', '-0.001', '0', '1.5e3'])(
    'copies the digits of %s',
    (timestamp) => {
      expect(format(record('', timestamp))).toEqual({ ok: true, text: `${timestamp},"",1707217879944,1` })
    },
  )

  it.each([
    ['a"b', '"a""b"'],
    ['a,b', '"a,b"'],
    ['a\r\nb', '"a\r\nb"'],
    ['=1+1', '"=1+1"'],
    ['Ünïcödé 🙂 \u202e', '"Ünïcödé 🙂 \u202e"'],
    ['\ud800', '"\ud800"'],
  ])('quotes %j', (message, cell) => {
    expect(format(record(message))).toEqual({ ok: true, text: `1707217879632.242,${cell},1707217879944,1` })
  })

  it.each(['=1', '+1', '-1', '@a', '\ta', '\ra', '\0a'])('makes %j safe for spreadsheets when asked to', (message) => {
    expect(format(record(message), true)).toEqual({
      ok: true,
      text: `1707217879632.242,"'${message}",1707217879944,1`,
    })
  })

  it('never touches a number, though it begins with a minus', () => {
    const text = '{"timestamp":-1.5,"message":"-m","time":-2,"diff":-1}'
    expect(format(text, true)).toEqual({ ok: true, text: '-1.5,"\'-m",-2,-1' })
  })

  it.each(['a=1', ' =1', '11', ''])('leaves %j as it is, also for spreadsheets', (message) => {
    expect(format(record(message), true)).toEqual(format(record(message)))
  })

  it('takes fields in any order, with spaces and more fields', () => {
    const text = ' { "diff": -1, "x": {"timestamp": 3}, "time": 2, "message": "m", "timestamp": 1.50 } '
    expect(format(text)).toEqual({ ok: true, text: '1.50,"m",2,-1' })
  })

  it.each([
    ['', 'expected a JSON object, got an empty value'],
    [Buffer.from([0x22, 0xff, 0x22]), 'expected UTF-8, got other bytes'],
    [`\ufeff${record('a')}`, 'expected JSON, got other text'],
    ['{', 'expected JSON, got other text'],
    ['['.repeat(200_000), 'expected JSON, got other text'],
    ['['.repeat(200_000) + ']'.repeat(200_000), 'expected JSON, got other text'],
    ['[]', 'expected a JSON object, got another JSON value'],
    ['7', 'expected a JSON object, got another JSON value'],
    ['null', 'expected a JSON object, got another JSON value'],
    ['{"message":"a","time":1,"diff":1}', 'expected a number as timestamp, got none'],
    [record('a', '"1"'), 'expected a number as timestamp, got none'],
    [record('a', '1e999'), 'expected a number as timestamp, got none'],
    ['{"timestamp":1,"message":2,"time":1,"diff":1}', 'expected text as message, got none'],
    ['{"timestamp":1,"message":"a","diff":1}', 'expected a number as time, got none'],
    ['{"timestamp":1,"message":"a","time":1}', 'expected a number as diff, got none'],
    ['{"__proto__":{"timestamp":1,"message":"a","time":1,"diff":1}}', 'expected a number as timestamp, got none'],
  ])('says what is wrong with a record that is not ours (%#)', (text, reason) => {
    expect(format(text)).toEqual({ ok: false, reason })
  })

  it('refuses a record without a value', () => {
    expect(formatTimestampsRow(null, { spreadsheetSafe: false })).toMatchObject({ ok: false })
  })
})
