import { describe, expect, it } from '@jest/globals'
import { checksum, type PartitionPosition } from '../../src/file/file-positions.js'
import { createAppendRow } from '../../src/rows/append-row.js'
import { createBatchRows, type OutputRecord } from '../../src/rows/batch-rows.js'
import { createRowBuffer, writtenRows } from '../../src/rows/row-buffer.js'
import { timestampsColumns } from '../../src/rows/timestamps-row.js'
import { outputRecord } from './output-record.js'

const beginning: PartitionPosition = { next: 0, sources: [] }
const etl = { producerId: 7n, producerEpoch: 0 }
const etlAfterFailure = { producerId: 7n, producerEpoch: 1 }
const valueOf = (message: string): Buffer => Buffer.from(`{"timestamp":1.5,"message":"${message}","time":2,"diff":1}`)
const sourceHeader = (source: string) => ({ key: 'source', value: Buffer.from(source) })
const recordOf = (offset: number, source?: string, value: Buffer | null = valueOf(`m${offset}`), writer = etl) =>
  outputRecord({ offset, value, writer, headers: source === undefined ? [] : [sourceHeader(source)] })
const appendRow = createAppendRow(
  { pipeline: 'timestamps', columns: timestampsColumns, format: undefined },
  { spreadsheetSafe: false },
)
const take = (
  records: readonly OutputRecord[],
  position = beginning,
  nextOffset = (records.at(-1)?.offsetNumber ?? 0) + 1,
) => {
  const rows = createRowBuffer(8)
  const taken = createBatchRows(appendRow)({ records, nextOffset }, position, rows)
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
  it('makes a row of each record; the position is behind the last offset of the fetch', () => {
    const taken = take(
      [recordOf(0, 'timezone1/0/7'), recordOf(1, 'timezone1/0/9'), recordOf(3, 'timezone2/0/0')],
      beginning,
      5,
    )
    expect(taken).toMatchObject({ messages: ['m0', 'm1', 'm3'], written: 3, repeats: 0, unreadable: [] })
    expect(taken.position).toEqual({
      next: 5,
      last: { offset: 3, crc32: checksum(valueOf('m3')) },
      sources: [
        { inputPartition: 'timezone1/0', producerId: '7', producerEpoch: 0, offset: 9, repeatsUpTo: -1 },
        { inputPartition: 'timezone2/0', producerId: '7', producerEpoch: 0, offset: 0, repeatsUpTo: -1 },
      ],
    })
  })

  it('drops what it has read before', () => {
    const { position } = take([recordOf(0), recordOf(1)])
    expect(take([recordOf(1), recordOf(2)], position)).toMatchObject({ messages: ['m2'], written: 1, repeats: 0 })
  })

  it('drops what came before from the same source, and keeps what has no source', () => {
    const { position } = take([recordOf(0, 'timezone1/0/5')])
    const again = (offset: number, source?: string) => recordOf(offset, source, undefined, etlAfterFailure)
    const records = [
      again(1, 'timezone1/0/5'),
      again(2, 'timezone1/0/4'),
      again(3, 'timezone1/1/4'),
      again(4),
      again(5),
      again(6, 'timezone1/0/6'),
    ]
    expect(take(records, position)).toMatchObject({
      messages: ['m3', 'm4', 'm5', 'm6'],
      written: 4,
      repeats: 2,
      lastRepeat: 2,
    })
  })

  it('keeps several outputs of one input, and knows the repeats of each', () => {
    const first = take([recordOf(0, 'orders/0/5'), recordOf(1, 'orders/0/5/1'), recordOf(2, 'orders/0/5/2')])
    expect(first).toMatchObject({ messages: ['m0', 'm1', 'm2'], repeats: 0 })
    const records = ['orders/0/5', 'orders/0/5/2', 'orders/0/5/3', 'orders/0/6', 'orders/0/6/1'].map((source, index) =>
      recordOf(3 + index, source, undefined, etlAfterFailure),
    )
    expect(take(records, first.position)).toMatchObject({ messages: ['m5', 'm6', 'm7'], repeats: 2 })
  })

  it('keeps apart the sources that one partition of a keyed topic has', () => {
    const { position } = take([recordOf(0, 'orders/0/5'), recordOf(1, 'orders/11/9'), recordOf(2, 'orders/1/3')])
    const records = ['orders/1/2', 'orders/1/4', 'orders/0/6', 'orders/11/9'].map((source, index) =>
      recordOf(3 + index, source, undefined, etlAfterFailure),
    )
    expect(take(records, position)).toMatchObject({ messages: ['m4', 'm5'], repeats: 2 })
  })

  it('gives the source of a record that was not written in a transaction no weight', () => {
    const foreign = outputRecord({ offset: 0, value: valueOf('m0'), headers: [sourceHeader('timezone1/0/99999999')] })
    const copy = outputRecord({ offset: 2, value: valueOf('m2'), headers: [sourceHeader('timezone1/0/1')] })
    expect(take([foreign, recordOf(1, 'timezone1/0/1'), copy])).toMatchObject({ messages: ['m0', 'm1', 'm2'] })
  })

  it('keeps outputs of an input topic that was made again, and knows their repeats by its id', () => {
    const marked = (offset: number, source: string, topicId: string, writer = etl) =>
      outputRecord({
        offset,
        value: valueOf(`m${offset}`),
        writer,
        headers: [sourceHeader(source), { key: 'source-topic-id', value: Buffer.from(topicId) }],
      })
    const taken = take([
      recordOf(0, 'timezone1/0/5'),
      marked(1, 'timezone1/0/0', 'new'),
      marked(2, 'timezone1/0/1', 'new'),
      marked(3, 'timezone1/0/1', 'new', etlAfterFailure),
      marked(4, 'timezone1/0/0', 'newer', etlAfterFailure),
      marked(5, 'timezone1/0/1', 'new', { producerId: 8n, producerEpoch: 0 }),
    ])
    expect(taken).toMatchObject({ messages: ['m0', 'm1', 'm2', 'm4'], repeats: 2, lastRepeat: 5 })
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
    'timezone1/0/1/',
    'timezone1/0/1/x',
    'timezone1/0/1/2/3',
    `t/0/${'9'.repeat(19)}`,
  ])('keeps records whose source is %j, by their own offset', (source) => {
    const records = [recordOf(0, source), recordOf(1, source, undefined, etlAfterFailure)]
    expect(take(records)).toMatchObject({ messages: ['m0', 'm1'], repeats: 0 })
  })

  it('keeps records with several sources', () => {
    const headers = [sourceHeader('t/0/1'), sourceHeader('t/0/1')]
    const records = [etl, etlAfterFailure].map((writer, offset) =>
      outputRecord({ offset, value: valueOf(`m${offset}`), headers, writer }),
    )
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
      { offset: 1, reason: 'expected a number as timestamp, got none' },
      { offset: 2, reason: 'expected a JSON object, got an empty value' },
    ])
  })

  it('takes what the fast path does not know through the full parser', () => {
    expect(take([recordOf(0, undefined, valueOf('a\\u0041\\"'))])).toMatchObject({ messages: ['aA""'] })
  })
})
