import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatPositions, parsePositions } from '../../src/file/file-positions.js'

const offsets = fc.maxSafeNat()
const positions = fc.record({
  next: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  sources: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}\/[0-9]$/), offsets)).map((entries) => new Map(entries)),
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
        const original = { topic: 'topic', groupId: 'reader-1', length, rows: 3, tailCrc32: 9, partitions }
        expect(parsePositions(formatPositions(original))).toEqual({ ok: true, positions: original })
      }),
    )
  })

  const good = { version: 1, topic: 't', groupId: 'g', length: 1, rows: 0, tailCrc32: 1, partitions: {} }
  it.each([
    ['', 'expected a JSON object'],
    ['[]', 'expected a JSON object'],
    [JSON.stringify({ ...good, version: 2 }), 'expected version 1'],
    [JSON.stringify({ ...good, topic: 1 }), 'expected a name as topic'],
    [JSON.stringify({ ...good, groupId: '' }), 'expected a name as groupId'],
    [JSON.stringify({ ...good, length: -1 }), 'expected whole numbers as length, rows and tailCrc32'],
    [JSON.stringify({ ...good, partitions: [] }), 'expected an object as partitions'],
    [JSON.stringify({ ...good, partitions: { x: { next: 0, sources: {} } } }), /of partition x$/],
    [JSON.stringify({ ...good, partitions: { 0: { next: 1.5, sources: {} } } }), /of partition 0$/],
    [JSON.stringify({ ...good, partitions: { 0: { next: 1, sources: { a: 'b' } } } }), /of partition 0$/],
    [
      JSON.stringify({ ...good, partitions: { 0: { next: 1, last: { offset: 1, crc32: 0 }, sources: {} } } }),
      /of partition 0$/,
    ],
  ])('refuse %s', (text, reason) => {
    const parsed = parsePositions(text)
    expect(parsed.ok ? 'accepted' : parsed.reason).toMatch(reason)
  })
})
