import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatPositions, parsePositions } from '../../src/file/file-positions.js'

const offsets = fc.maxSafeNat()
const positions = fc.record({
  next: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  sources: fc.array(
    fc.record(
      {
        inputPartition: fc.stringMatching(/^[a-z]{1,5}\/[0-9]$/),
        topicId: fc.string(),
        producerId: fc.bigInt().map(String),
        producerEpoch: fc.integer({ min: -1, max: 32_767 }),
        offset: offsets,
        repeatsUpTo: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
      },
      { requiredKeys: ['inputPartition', 'producerEpoch', 'offset', 'repeatsUpTo'] },
    ),
  ),
})

describe('positions', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), positions)), offsets, (entries, length) => {
        const partitions = new Map(
          entries.map(([partition, position], index) => [
            partition,
            index % 2 === 0 ? position : { ...position, last: { offset: position.next - 1, crc32: 7 } },
          ]),
        )
        const original = {
          topic: 'topic',
          topicId: 'bm90IGFuIGlk',
          groupId: 'reader-1',
          length,
          rows: 3,
          tailCrc32: 9,
          isClosed: length % 2 === 0,
          partitions,
        }
        expect(parsePositions(formatPositions(original))).toEqual({ ok: true, positions: original })
      }),
    )
  })

  it('are read from their first version, which kept one offset an input partition', () => {
    const partition = { next: 12, last: { offset: 11, crc32: 7 }, sources: { 'timezone1/0': 9 } }
    const first = {
      version: 1,
      topic: 't',
      groupId: 'g',
      length: 1,
      rows: 0,
      tailCrc32: 1,
      partitions: { 0: partition },
    }
    const sources = [{ inputPartition: 'timezone1/0', producerEpoch: -1, offset: 9, repeatsUpTo: 9 }]
    expect(parsePositions(JSON.stringify(first))).toMatchObject({
      ok: true,
      positions: { partitions: new Map([[0, { ...partition, sources }]]) },
    })
  })

  const good = { version: 1, topic: 't', groupId: 'g', length: 1, rows: 0, tailCrc32: 1, partitions: {} }
  it.each([
    ['', 'expected a JSON object'],
    ['[]', 'expected a JSON object'],
    [JSON.stringify({ ...good, version: 3 }), 'expected version 1 or 2'],
    [JSON.stringify({ ...good, topic: 1 }), 'expected a name as topic'],
    [JSON.stringify({ ...good, groupId: '' }), 'expected a name as groupId'],
    [JSON.stringify({ ...good, length: -1 }), 'expected whole numbers as length, rows and tailCrc32'],
    [JSON.stringify({ ...good, partitions: [] }), 'expected an object as partitions'],
    [JSON.stringify({ ...good, partitions: { x: { next: 0, sources: {} } } }), /of partition x$/],
    [JSON.stringify({ ...good, partitions: { 0: { next: 1.5, sources: {} } } }), /of partition 0$/],
    [JSON.stringify({ ...good, partitions: { 0: { next: 1, sources: { a: 'b' } } } }), /of partition 0$/],
    [JSON.stringify({ ...good, partitions: { 0: { next: 1, sources: [{ offset: 1 }] } } }), /of partition 0$/],
    [JSON.stringify({ ...good, topicId: 1 }), 'expected text as topicId'],
    [JSON.stringify({ ...good, rotatingTo: '../x' }), 'expected the name of a file as rotatingTo'],
    [
      JSON.stringify({ ...good, partitions: { 0: { next: 1, last: { offset: 1, crc32: 0 }, sources: {} } } }),
      /of partition 0$/,
    ],
  ])('refuse %s', (text, reason) => {
    const parsed = parsePositions(text)
    expect(parsed.ok ? 'accepted' : parsed.reason).toMatch(reason)
  })
})
