import type { RecordViews } from './records.js'
import { RecordView } from './record-view.js'

/** Copies of records in compact memory, in the order in which they were added. */
export type HeldRecords = {
  readonly add: (record: RecordView) => void
  readonly length: () => number
  /** The first `count` records. */
  readonly first: (count: number) => RecordViews
  /** The same records without the first `count`. */
  readonly without: (count: number) => HeldRecords
}

const slabBytes = 1_048_576

/** The size of each record's head: offset and timestamp, then six lengths. */
const headBytes = 2 * 8 + 6 * 4

type Slab = { readonly buffer: Buffer; end: number; count: number }

/** Keeps records beyond the life of their batch, with 40 bytes of overhead each. */
export const createHeldRecords = (): HeldRecords => {
  const slabs: Slab[] = []
  let length = 0

  const slabFor = (bytes: number): Slab => {
    const last = slabs.at(-1)
    if (last && last.end + bytes <= last.buffer.length) return last
    // The first slab is small, since most updates are.
    const size = slabs.length === 0 ? slabBytes / 64 : slabBytes
    const slab = { buffer: Buffer.allocUnsafeSlow(Math.max(size, bytes)), end: 0, count: 0 }
    slabs.push(slab)
    return slab
  }

  /** The first `count` records, slab by slab. */
  const partsOf = (count: number): readonly RecordViews[] => {
    let before = 0
    return slabs.flatMap((slab) => {
      const length = Math.min(slab.count, count - before)
      before += slab.count
      return length > 0 ? [viewsOf(slab, length)] : []
    })
  }
  const visitFirst = (count: number, visit: (record: RecordView) => void): void =>
    partsOf(count).forEach((part) => part.forEach(visit))

  return {
    add: (record) => {
      const slab = slabFor(headBytes + bytesOf(record))
      slab.end = writeHeld(slab.buffer, slab.end, record)
      slab.count++
      length++
    },
    length: () => length,
    first: (count) => ({ forEach: (visit) => visitFirst(count, visit), parts: partsOf(count) }),
    without: (count) => {
      const rest = createHeldRecords()
      if (count >= length) return rest
      let index = 0
      visitFirst(length, (record) => {
        if (index++ >= count) rest.add(record)
      })
      return rest
    },
  }
}

const viewsOf = ({ buffer }: Slab, length: number): RecordViews => ({
  forEach: (visit) => {
    const view = new RecordView()
    let at = 0
    for (let index = 0; index < length; index++) {
      at = readHeld(view, buffer, at)
      visit(view)
    }
  },
})

const bytesOf = ({ keyLength, valueLength, headersStart, headersEnd }: RecordView): number =>
  Math.max(0, keyLength) + Math.max(0, valueLength) + headersEnd - headersStart

const writeHeld = (buffer: Buffer, start: number, record: RecordView): number => {
  let at = buffer.writeDoubleLE(record.offsetNumber, start)
  at = buffer.writeDoubleLE(record.timestampMs, at)
  at = buffer.writeInt32LE(record.keyLength, at)
  at = buffer.writeInt32LE(record.valueLength, at)
  at = buffer.writeInt32LE(record.headersEnd - record.headersStart, at)
  at = buffer.writeInt32LE(record.missingKeyBytes, at)
  at = buffer.writeInt32LE(record.missingValueBytes, at)
  at = buffer.writeInt32LE(record.missingHeadersBytes, at)
  at += record.buffer.copy(buffer, at, record.keyStart, record.keyStart + Math.max(0, record.keyLength))
  at += record.buffer.copy(buffer, at, record.valueStart, record.valueStart + Math.max(0, record.valueLength))
  return at + record.buffer.copy(buffer, at, record.headersStart, record.headersEnd)
}

/** Sets the view to the record at `start`; returns where the next one begins. */
const readHeld = (view: RecordView, buffer: Buffer, start: number): number => {
  view.buffer = buffer
  view.offsetNumber = buffer.readDoubleLE(start)
  view.timestampMs = buffer.readDoubleLE(start + 8)
  view.keyLength = buffer.readInt32LE(start + 16)
  view.valueLength = buffer.readInt32LE(start + 20)
  view.missingKeyBytes = buffer.readInt32LE(start + 28)
  view.missingValueBytes = buffer.readInt32LE(start + 32)
  view.missingHeadersBytes = buffer.readInt32LE(start + 36)
  view.keyStart = start + headBytes
  view.valueStart = view.keyStart + Math.max(0, view.keyLength)
  view.headersStart = view.valueStart + Math.max(0, view.valueLength)
  view.headersEnd = view.headersStart + buffer.readInt32LE(start + 24)
  return view.headersEnd
}
