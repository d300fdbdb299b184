import { createExamples, type Examples } from './examples.js'
import { createOffsetSet, type OffsetSet } from './offset-set.js'

/** The position of an output or a dead letter. */
export type Place = { readonly topic: string; readonly partition: number; readonly offset: number }

/** An output or a dead letter, and the input record that it names as its source. */
export type FoundOutput = {
  /** The offset of the input record. */
  readonly source: number
  readonly place: Place
  /** The index among the records that the input produced in this topic, from 0. */
  readonly index: number
  /** The reason of a dead letter; undefined for an output. */
  readonly reason: string | undefined
  /** See {@link hashRecord}. */
  readonly hash: number
  /** When it was handled, in epoch ms: Kafka's record timestamp. */
  readonly timestampMs: number
}

/** The outputs and dead letters of one input partition. */
export type OutputBook = {
  /** Call it in the order of the output's partition. */
  readonly add: (found: FoundOutput) => void
  readonly counts: () => { readonly outputs: number; readonly deadLetters: number }
  /** The lowest source in an output partition (`topic/partition`); undefined if it has none. */
  readonly firstIn: (outputPartition: string) => number | undefined
  /** Outputs that come after an output of a later record. */
  readonly reordered: Examples
  /** Iterates by ascending source, each source once. Call it after everything is added. */
  readonly bySource: () => SourceCursor
}

export type SourceCursor = {
  /** The lowest source that was not taken yet; undefined at the end. */
  readonly next: () => number | undefined
  /** The outputs of this source, in the order in which they were added. Lower sources are skipped. */
  readonly take: (source: number) => readonly FoundOutput[]
}

/** Columns of a row: outputs are stored as numbers, since objects would take three times the memory. */
const columns = 8
const firstRows = 1_024

export const createOutputBook = (): OutputBook => {
  const names = createNames()
  const reordered = createExamples()
  const latest = new Map<string, number>()
  const first = new Map<string, number>()
  const seenByName = new Map<string, OffsetSet>()
  let rows = new Float64Array(firstRows * columns)
  let length = 0
  let deadLetters = 0

  const seenOf = (name: string): OffsetSet => {
    const set = seenByName.get(name) ?? createOffsetSet()
    seenByName.set(name, set)
    return set
  }
  const note = (found: FoundOutput): void => {
    const { source, place, index } = found
    const key = `${place.topic}/${place.partition}`
    const last = latest.get(key) ?? -1
    const seen = seenOf(`${place.topic}/${index}`)
    // A duplicate that comes late is not a second fault.
    if (seen.add(source) && source < last) {
      reordered.add(`${key}/${place.offset} brings ${source} after ${last}`)
    }
    latest.set(key, Math.max(last, source))
    first.set(key, Math.min(first.get(key) ?? source, source))
  }

  const rowAt = (row: number): FoundOutput => {
    const at = row * columns
    const [source = 0, topic = 0, index = 0, hash = 0, timestampMs = 0, partition = 0, offset = 0, reason = -1] =
      rows.subarray(at, at + columns)
    const place = { topic: names.nameOf(topic), partition, offset }
    return { source, place, index, hash, timestampMs, reason: reason < 0 ? undefined : names.nameOf(reason) }
  }

  return {
    add: (found) => {
      const { source, place, index, hash, timestampMs, reason } = found
      note(found)
      if (reason !== undefined) deadLetters++
      if ((length + 1) * columns > rows.length) {
        const larger = new Float64Array(rows.length * 2)
        larger.set(rows)
        rows = larger
      }
      const reasonAt = reason === undefined ? -1 : names.indexOf(reason)
      rows.set(
        [source, names.indexOf(place.topic), index, hash, timestampMs, place.partition, place.offset, reasonAt],
        length * columns,
      )
      length++
    },
    counts: () => ({ outputs: length - deadLetters, deadLetters }),
    firstIn: (outputPartition) => first.get(outputPartition),
    reordered,
    bySource: () => {
      const order = Uint32Array.from({ length }, (_, row) => row)
      const sourceOf = (row: number): number => rows[row * columns] ?? 0
      order.sort((one, other) => sourceOf(one) - sourceOf(other) || one - other)
      let at = 0
      return {
        next: () => (at < length ? sourceOf(order[at] ?? 0) : undefined),
        take: (source) => {
          while (at < length && sourceOf(order[at] ?? 0) < source) at++
          const taken: FoundOutput[] = []
          while (at < length && sourceOf(order[at] ?? 0) === source) taken.push(rowAt(order[at++] ?? 0))
          return taken
        },
      }
    },
  }
}

/** Maps repeated texts to numbers. */
const createNames = () => {
  const names: string[] = []
  const indexes = new Map<string, number>()
  return {
    indexOf: (name: string): number => {
      const known = indexes.get(name)
      if (known !== undefined) return known
      indexes.set(name, names.push(name) - 1)
      return names.length - 1
    },
    nameOf: (index: number): string => names[index] ?? '',
  }
}
