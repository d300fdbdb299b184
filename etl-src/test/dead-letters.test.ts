import { batchOverheadBytes, createRunBuilder } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { createAddDeadLetter } from '../src/dead-letters.js'
import { createInputRecords, decodeRuns, type DecodedRecord, type RecordParts } from './decode-run.js'
import { encodeHeaders, type Headers } from './encode-headers.js'

const added = {
  source: 't/0/100',
  '__etl.errors.reason': 'value_not_json',
  '__etl.errors.message': 'Expected JSON, got something else',
  '__etl.errors.timestamp': '1700000000042',
}

const createLetter = (
  parts: RecordParts,
  maxBytes = 1_000_000,
  message = added['__etl.errors.message'],
): { letter: DecodedRecord; bytes: number } => {
  const letters = createRunBuilder(maxBytes, 10)
  const [record] = createInputRecords([parts])
  if (!record) throw new Error('expected a record')
  const why = { reason: 'value_not_json', message }
  createAddDeadLetter('t', 0)(letters, record, why, { rejectedAtMs: 1_700_000_000_042 })
  const runs = letters.finish()
  const [letter] = decodeRuns(runs)
  if (!letter) throw new Error('expected a dead letter')
  return { letter, bytes: (runs[0]?.buffer.length ?? 0) + batchOverheadBytes }
}

/** Header values as lists of text. */
const textsOf = (headers: Headers): Record<string, (string | null)[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      (Array.isArray(value) ? value : [value ?? null]).map((one) => one?.toString() ?? null),
    ]),
  )

const addedTexts = textsOf(added)

describe('a dead letter', () => {
  it('has the key, value and headers of its record, the time of its rejection, and says why it is here', () => {
    const parts = { key: Buffer.alloc(4), value: Buffer.from([0xff, 0]), headers: { own: Buffer.from('1') } }
    const { letter } = createLetter({ ...parts, timestampMs: 5 })
    expect(letter).toMatchObject({ key: parts.key, value: parts.value, timestampMs: 1_700_000_000_042 })
    expect(textsOf(letter.headers)).toEqual({ own: ['1'], ...addedTexts })
  })

  // A message's length takes one byte up to 63 bytes, and two up to 8,191.
  it.each(['', 'm'.repeat(63), 'm'.repeat(64), `${'m'.repeat(62)}…`, `${'m'.repeat(8_190)}…`, '…'.repeat(3_000)])(
    'has its message whole (case %#)',
    (message) => {
      const { headers } = createLetter({ value: 'x' }, 1_000_000, message).letter
      expect(textsOf(headers)).toEqual({ ...addedTexts, '__etl.errors.message': [message] })
    },
  )

  it('of a tombstone has no value, and of an empty value an empty one', () => {
    expect(createLetter({ value: null }).letter.value).toBeNull()
    expect(createLetter({ value: '' }).letter.value).toEqual(Buffer.alloc(0))
  })

  it('has its own headers after those of the same name, and null where a header is null', () => {
    const headers = {
      source: 'forged',
      '__etl.errors.reason': ['a', Buffer.from('b')],
      none: null,
    } as unknown as Headers
    expect(textsOf(createLetter({ value: 'x', headers }).letter.headers)).toEqual({
      ...addedTexts,
      source: ['forged', 't/0/100'],
      '__etl.errors.reason': ['a', 'b', 'value_not_json'],
      none: [null],
    })
  })

  it('has the bytes of its own headers as they came, in their order', () => {
    const own = 'abacab'.split('').map((name, index) => encodeHeaders({ [name]: `${index}` }).subarray(1))
    const bytes = Buffer.concat([Buffer.from([own.length << 1]), ...own])
    const [plain] = createInputRecords([{ value: 'x' }])
    if (!plain) throw new Error('expected a record')
    const record = Object.assign(plain, {
      buffer: Buffer.concat([plain.buffer, bytes]),
      headersStart: plain.buffer.length,
      headersEnd: plain.buffer.length + bytes.length,
    })
    const letters = createRunBuilder(1_000_000, 10)
    createAddDeadLetter('t', 0)(letters, record, { reason: 'value_not_json', message: '' }, { rejectedAtMs: 1 })
    expect(letters.finish()[0]?.buffer.includes(Buffer.concat(own))).toBe(true)
  })

  it('keeps headers that are called like parts of any object', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const headers = Object.fromEntries(names.map((name) => [name, name])) as Headers
    const texts = createLetter({ value: 'x', headers }).letter.headers
    for (const name of names) expect(String(Object.getOwnPropertyDescriptor(texts, name)?.value)).toBe(name)
  })

  it.each([600, 1_000, 5_000, 20_000])('is cut to what fits into %s bytes, and tells its size', (maxBytes) => {
    const { letter, bytes } = createLetter({ value: 'x'.repeat(50_000), key: Buffer.from('k') }, maxBytes)
    expect(bytes).toBeLessThanOrEqual(maxBytes)
    expect(bytes).toBeGreaterThan(maxBytes / 2)
    expect(letter.value?.toString()).toMatch(/^x+$/)
    expect(letter.key?.toString()).toBe('k')
    expect(textsOf(letter.headers)).toEqual({ ...addedTexts, '__etl.original.size': ['50000'] })
  })

  it('leaves out headers, then the key, where they leave no room for the value', () => {
    const large = Buffer.alloc(2_000, 'l')
    const withoutHeaders = createLetter({ value: 'x', key: Buffer.from('k'), headers: { large } }, 1_000).letter
    expect(withoutHeaders).toMatchObject({ key: Buffer.from('k'), value: Buffer.from('x') })
    expect(Object.keys(withoutHeaders.headers)).not.toContain('large')
    const withoutKey = createLetter({ value: 'x', key: large, headers: { large } }, 1_000).letter
    expect(withoutKey).toMatchObject({ key: null, value: Buffer.from('x') })
    expect(createLetter({ value: null, key: large }, 1_000).letter).toMatchObject({ key: null, value: null })
  })

  it('is its coordinates alone where nothing else fits', () => {
    expect(textsOf(createLetter({ value: 'x'.repeat(100) }, 110).letter.headers)).toEqual({ source: ['t/0/100'] })
  })
})
