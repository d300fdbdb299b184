import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { csv, Type, type FormatState } from '../src/index.js'
import { parseAnyLines, parseLines } from '../src/formats/csv-text.js'

const Order = Type.Object({
  id: Type.String(),
  count: Type.Integer(),
  price: Type.Optional(Type.Number()),
  paid: Type.Union([Type.Boolean(), Type.Null()]),
})
const orders = csv(Order)

/** Reads the records of a partition in order. */
const readPartition = (format: typeof orders, records: readonly (string | Buffer | null)[]) => {
  let state: FormatState | undefined
  return records.map((record, index) => {
    const bytes = typeof record === 'string' ? Buffer.from(record) : record
    const read = format.rows?.decode(bytes, BigInt(index), state)
    if (!read) throw new Error('expected a format of rows')
    state = read.state
    return read.decoded.ok ? read.decoded.value : `${read.decoded.reason}: ${read.decoded.message}`
  })
}

const header = 'id,count,price,paid'
const readRecord = (record: string) => readPartition(orders, [header, record])[1]

describe('csv, the records of a partition', () => {
  it('takes the column order from the first record, ignores further columns, and reads a second header as a row', () => {
    expect(
      readPartition(orders, ['\ufeffpaid,more,id,price,count\r\n', 'true,x,a,1.5,2', 'paid,more,id,price,count']),
    ).toEqual([
      [],
      [{ id: 'a', count: 2, price: 1.5, paid: true }],
      'csv_row_invalid: expected count to be an integer between -2^53 and 2^53, got "count"',
    ])
  })

  it('reads several lines of a record, the header among them', () => {
    const row = (id: string) => ({ id, count: 1, paid: null })
    expect(readPartition(orders, [`${header}\na,1,,\nb,1,,\n`, 'c,1,,\r\n\r\nd,1,,', '\n'])).toEqual([
      [row('a'), row('b')],
      [row('c'), row('d')],
      [],
    ])
  })

  it('waits for a header that covers the schema, and refuses everything before it', () => {
    expect(readPartition(orders, ['id,count', 'a,1', `${header},id`, null, '', '\n', header, 'a,1,,'])).toEqual([
      'csv_header_invalid: expected the columns price, paid in the header, got id, count',
      'csv_header_invalid: expected the columns id, count, price, paid in the header, got a, 1',
      'csv_header_invalid: expected id once, got id, count, price, paid, id',
      'value_empty: expected CSV, got an empty value',
      'value_empty: expected CSV, got an empty value',
      'csv_header_invalid: expected the columns id, count, price, paid in the header, got ',
      [],
      [{ id: 'a', count: 1, paid: null }],
    ])
  })

  it('keeps the header of a record whose rows are refused', () => {
    expect(readPartition(orders, [`${header}\na,x,,`, 'a,1,,'])).toEqual([
      'csv_row_invalid: expected count to be an integer between -2^53 and 2^53, got "x"',
      [{ id: 'a', count: 1, paid: null }],
    ])
  })

  it('says where the header stands', () => {
    const read = orders.rows?.decode(Buffer.from(header), 7n, undefined)
    expect(read?.state).toEqual({
      columns: ['id', 'count', 'price', 'paid'],
      offset: 7n,
      sha256: '50df5c7f8af182550d4638af367e267a9f556db77e713b539c2140c77daa14c0',
    })
  })

  it('takes the columns of the schema if no record names them', () => {
    expect(readPartition(csv(Order, { header: 'none', delimiter: ';' }), ['a;1;;t', '"b;";2;.5;FALSE'])).toEqual([
      [{ id: 'a', count: 1, paid: true }],
      [{ id: 'b;', count: 2, price: 0.5, paid: false }],
    ])
  })
})

describe('csv, the values of a row', () => {
  it.each([
    ['a,9007199254740991,1e3,True', { id: 'a', count: 9007199254740991, price: 1000, paid: true }],
    ['"",-0,-1.50,f', { id: '', count: 0, price: -1.5, paid: false }],
    ['"a ""quoted"", b\r\nc",+1,"",""', { id: 'a "quoted", b\r\nc', count: 1, paid: null }],
  ])('reads %j', (record, row) => {
    expect(readRecord(record)).toEqual([row])
  })

  it.each([
    ['a,9007199254740993,,', 'expected count to be an integer between -2^53 and 2^53, got "9007199254740993"'],
    ['a,1.0,,', 'expected count to be an integer between -2^53 and 2^53, got "1.0"'],
    ['a,,,', 'expected count to be an integer between -2^53 and 2^53, got nothing'],
    [',1,,', 'expected id to be text, got nothing'],
    ['a,1,9007199254740993,', 'expected price to be a number, got "9007199254740993"'],
    ['a,1,1e999,', 'expected price to be a number, got "1e999"'],
    ['a,1,1e-999,', 'expected price to be a number, got "1e-999"'],
    ['a,1, 1,', 'expected price to be a number, got " 1"'],
    ['a,1,0x10,', 'expected price to be a number, got "0x10"'],
    ['a,1,NaN,', 'expected price to be a number, got "NaN"'],
    ['a,1,,yes', 'expected paid to be true or false, got "yes"'],
    ['a,1', 'expected 4 columns, got 2'],
    ['a,1,,,,', 'expected 4 columns, got 6'],
    ['a,1,,\nb,1', 'row 2 of the record: expected 4 columns, got 2'],
    ['"a,1,,', 'line 1: expected a quote that ends the field, got the end of the record'],
    ['a"b,1,,', 'line 1: expected quotes around a whole field, got one inside of it'],
    ['"a"b,1,,', 'line 1: expected the end of the field behind its quote, got more text'],
  ])('refuses %j', (record, message) => {
    expect(readRecord(record)).toBe(`csv_row_invalid: ${message}`)
  })

  it('refuses bytes that are no UTF-8, and a value that the schema refuses', () => {
    expect(readPartition(orders, [header, Buffer.from([0xff])])[1]).toBe(
      'value_not_utf8: expected UTF-8, got other bytes',
    )
    const named = csv(Type.Object({ id: Type.String({ minLength: 2 }) }))
    expect(named.decode(Buffer.from('a'))).toMatchObject({ ok: false, reason: 'csv_row_invalid' })
  })
})

describe('csv, written', () => {
  it.each([
    [{ id: 'a', count: 1, paid: null }, 'a,1,,'],
    [{ id: '', count: 0, price: 0.1, paid: true }, '"",0,0.1,true'],
    [{ id: 'a "b", c\n', count: 1, paid: false }, '"a ""b"", c\n",1,,false'],
    [{ id: '\ufeffa', count: 1, paid: null }, '"\ufeffa",1,,'],
  ])('writes %j', (row, line) => {
    expect(orders.encode(row, { handledAtMs: 0 })).toEqual({ ok: true, bytes: Buffer.from(line) })
  })

  it('refuses what it cannot write', () => {
    expect(orders.encode({ id: '\ud800', count: 1, paid: null }, { handledAtMs: 0 }).ok).toBe(false)
    expect(orders.encode({ id: 'a', count: 1.5, paid: null }, { handledAtMs: 0 }).ok).toBe(false)
    expect(() => csv(Type.Object({ list: Type.Array(Type.String()) }))).toThrow(
      'csv: expected list to be text, a number or a boolean, got array',
    )
    expect(() => csv(Order, { delimiter: '::' })).toThrow('csv: expected a delimiter of one character')
  })

  const rowOf = (text: fc.Arbitrary<string>) =>
    fc.record(
      {
        id: text,
        count: fc.maxSafeInteger().map((count) => (count === 0 ? 0 : count)),
        price: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((price) => isDecimal(price)),
        paid: fc.constantFrom(true, false, null),
      },
      { requiredKeys: ['id', 'count', 'paid'] },
    )
  /** An integer beyond 2^53 is refused, whichever way it is printed. */
  const isDecimal = (price: number): boolean => !Object.is(price, -0) && !/^-?\d{16,}$/.test(String(price))
  const difficult = fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', 'a', ' ', '\ufeff', '😀', '=') })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(
        rowOf(
          fc.oneof(
            difficult,
            fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
          ),
        ),
        fc.constantFrom(',', ';', '\t'),
        (row, delimiter) => {
          const format = csv(Order, { delimiter })
          const encoded = format.encode(row, { handledAtMs: 0 })
          expect(encoded.ok && encoded.bytes && format.decode(encoded.bytes)).toEqual({ ok: true, value: row })
        },
      ),
    )
  })

  it('reads what it wrote, several rows in a record and behind a header', () => {
    fc.assert(
      fc.property(fc.array(rowOf(difficult), { minLength: 1 }), fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
        const lines = rows.map((row) => {
          const encoded = orders.encode(row, { handledAtMs: 0 })
          return encoded.ok ? String(encoded.bytes) : ''
        })
        expect(readPartition(orders, [[header, ...lines].join(end), lines.join(end) + end])).toEqual([rows, rows])
      }),
    )
  })

  it.each([{}, { note: '' }, { note: '\n' }])('reads a single column that may be missing: %j', (row) => {
    const notes = csv(Type.Object({ note: Type.Optional(Type.String()) }))
    const encoded = notes.encode(row, { handledAtMs: 0 })
    expect(encoded.ok && encoded.bytes && notes.decode(encoded.bytes)).toEqual({ ok: true, value: row })
  })

  it('reads a plain line as the library does', () => {
    const plain = fc.string({ unit: fc.constantFrom(',', 'a', ' ', '\ufeff', '😀', "'", '\\', '\0') })
    fc.assert(
      fc.property(
        plain.filter((text) => text !== '' && !text.startsWith('\ufeff')),
        (text) => {
          expect(parseLines(text, ',')).toEqual(parseAnyLines(text, ','))
        },
      ),
    )
  })
})
