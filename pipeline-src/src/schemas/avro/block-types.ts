import avsc from 'avsc'
import type { Internal, Tap } from './avsc-internals.js'
import { stringType } from './string-type.js'

/** The limit for items that take no bytes, such as nulls: the bytes do not limit their number. */
const mostEmptyItems = 65_536

/** How many items a block of an array or a map has; 0 ends it. Throws if the bytes cannot hold that many. */
const readBlock = (tap: Tap): number => {
  const count = tap.readLong()
  if (count < 0) tap.skipLong()
  const items = Math.abs(count)
  if (tap.pos > tap.buf.length || items > Math.max(tap.buf.length - tap.pos, mostEmptyItems)) {
    throw new Error(`expected a list within the value, got one of ${items} items`)
  }
  return items
}

const readItem = (type: Internal, tap: Tap): unknown => {
  const item = type._read(tap)
  if (tap.pos > tap.buf.length) throw new Error('expected an item within the value, got one that goes beyond')
  return item
}

export class CheckedArray extends avsc.types.ArrayType {
  _read(tap: Tap): unknown[] {
    const items: unknown[] = []
    for (let left = readBlock(tap); left > 0; left = readBlock(tap)) {
      for (; left > 0; left--) items.push(readItem(this.itemsType as Internal, tap))
    }
    return items
  }
}

export class CheckedMap extends avsc.types.MapType {
  _read(tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = []
    for (let left = readBlock(tap); left > 0; left = readBlock(tap)) {
      for (; left > 0; left--) {
        const key = stringType._read(tap)
        entries.push([key, readItem(this.valuesType as Internal, tap)])
      }
    }
    // Avoid assignment: a key may be `__proto__`.
    return Object.fromEntries(entries)
  }
}
