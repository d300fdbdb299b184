import { describe, expect, it } from '@jest/globals'
import { createBatchRows, type InputRecord } from '../../src/rows/batch-rows.js'
import { checksum, type PartitionPosition } from '../../src/file/file-positions.js'
import { createRowBuffer, writtenRows } from '../../src/rows/row-buffer.js'

const beginning: PartitionPosition = { next: 0, sources: new Map() }
const valueOf = (message: string): Buffer => Buffer.from(`{"timestamp":1.5,"message":"${message}","time":2,"diff":1}`)
const recordOf = (offset: number, source?: string, value: Buffer | null = valueOf(`m${offset}`)): InputRecord => ({
  offset: String(offset),
  value,
  timestamp: '0',
  ...(source === undefined ? {} : { headers: { source: Buffer.from(source) } }),
})
const take = (records: readonly InputRecord[], position = beginning, lastOffset = records.at(-1)?.offset ?? '0') => {
  const rows = createRowBuffer(8)
  const taken = createBatchRows({ spreadsheetSafe: false })({ records, lastOffset }, position, rows)
  return {
    ...taken,
    messages: [
      ...writtenRows(rows)
        .toString()
        .matchAll(/"(.*)"/g),
    ].map(([, message]) => message),
  }
}

describe('batch rows', () => {
  it('makes a row of each record and stands behind the last offset of the fetch', () => {
    const taken = take(
      [recordOf(0, 'timezone1/0/7'), recordOf(1, 'timezone1/0/9'), recordOf(3, 'timezone2/0/0')],
      beginning,
      '4',
    )
    expect(taken).toMatchObject({ messages: ['m0', 'm1', 'm3'], written: 3, repeats: 0, unreadable: [] })
    expect(taken.position).toEqual({
      next: 5,
      last: { offset: 3, crc32: checksum(valueOf('m3')) },
      sources: new Map([
        ['timezone1/0', 9],
        ['timezone2/0', 0],
      ]),
    })
  })

  it('drops what it has read before', () => {
    const { position } = take([recordOf(0), recordOf(1)])
    expect(take([recordOf(1), recordOf(2)], position)).toMatchObject({ messages: ['m2'], written: 1, repeats: 0 })
  })

  it('drops what came before from the same source, and keeps what has no source', () => {
    const records = [
      recordOf(0, 'timezone1/0/5'),
      recordOf(1, 'timezone1/0/5'),
      recordOf(2, 'timezone1/0/4'),
      recordOf(3, 'timezone1/1/4'),
      recordOf(4),
      recordOf(5),
      recordOf(6, 'timezone1/0/6'),
    ]
    expect(take(records)).toMatchObject({
      messages: ['m0', 'm3', 'm4', 'm5', 'm6'],
      written: 5,
      repeats: 2,
      lastRepeat: '2',
    })
  })

  it.each([
    '',
    '/',
    'timezone1',
    'timezone1/0',
    'timezone1/0/',
    '/0/1',
    'a b/0/1',
    'timezone1/0/x',
    `t/0/${'9'.repeat(19)}`,
  ])('keeps records whose source is %j, by their own offset', (source) => {
    expect(take([recordOf(0, source), recordOf(1, source)])).toMatchObject({ messages: ['m0', 'm1'], repeats: 0 })
  })

  it('keeps records with several sources, or with text for one', () => {
    const odd = [{ source: [Buffer.from('t/0/1'), Buffer.from('t/0/1')] }, { source: 't/0/1' }]
    const records = odd.map((headers, offset) => ({ ...recordOf(offset), headers }))
    expect(take(records)).toMatchObject({ messages: ['m0', 'm1'] })
  })

  it('passes over records that are not ours and says where they are', () => {
    const taken = take([
      recordOf(0),
      recordOf(1, 't/0/1', Buffer.from('{"payload":"secret"}')),
      recordOf(2, 't/0/2', null),
      recordOf(3),
    ])
    expect(taken.messages).toEqual(['m0', 'm3'])
    expect(taken.unreadable).toEqual([
      { offset: '1', reason: 'expected a number as timestamp, got none' },
      { offset: '2', reason: 'expected a JSON object, got an empty value' },
    ])
  })

  it('takes what the fast path does not know through the full parser', () => {
    expect(take([recordOf(0, undefined, valueOf('a\\u0041\\"'))])).toMatchObject({ messages: ['aA""'] })
  })
})
