import { createExamples, createOffsetExamples, type Examples, type OffsetExamples } from './examples.js'
import { createOffsetSet } from './offset-set.js'

/** Where an output or a dead letter stands. */
export type Place = { readonly topic: string; readonly partition: number; readonly offset: string }

/** What is known of an input partition before it is read. */
export type LedgerBounds = {
  /** Where its log starts: what was before is deleted. */
  readonly start: number
  /** The group's next offset: everything below has to have its output. */
  readonly committed: number
}

/** How the outputs of an input partition stand to its records. */
export type Balance = {
  /** Records that can still be read. */
  readonly records: number
  readonly outputs: number
  readonly deadLetters: number
  /** Records that the group has not committed, without an output yet. */
  readonly pending: number
  /** Committed records whose outputs may have been deleted by retention: nothing can be said of them. */
  readonly gone: number
  /** Committed records without an output, though it has to be there. */
  readonly lost: OffsetExamples
  /** Outputs of a record that has another one. */
  readonly duplicates: Examples
  /** Outputs that come after one of a later record. */
  readonly reordered: Examples
  /** Outputs of a record that is not there, though its offset is not deleted. */
  readonly unexpected: OffsetExamples
}

/** The books of one input partition: filled by reading, in any order of the topics. */
export type Ledger = {
  readonly addRecord: (offset: number) => void
  readonly addOutput: (offset: number, place: Place) => void
  readonly addDeadLetter: (offset: number, place: Place) => void
  /** `deletedTopics`: those of whose start something was deleted, so that outputs from before are not there any more. */
  readonly balance: (deletedTopics: ReadonlySet<string>) => Balance
}

export const createLedger = ({ start, committed }: LedgerBounds): Ledger => {
  const records = createOffsetSet()
  const seen = createOffsetSet()
  const duplicates = createExamples()
  const reordered = createExamples()
  const latest = new Map<string, number>()
  const first = new Map<string, number>()
  const counts = { records: 0, outputs: 0, deadLetters: 0 }

  const note = (offset: number, { topic, partition, offset: at }: Place): void => {
    const isNew = seen.add(offset)
    if (!isNew) duplicates.add(`${topic}/${partition}/${at} repeats ${offset}`)
    const key = `${topic}/${partition}`
    const last = latest.get(key) ?? -1
    // One that is there twice is no second fault when the later one stands late.
    if (isNew && offset < last) reordered.add(`${topic}/${partition}/${at} brings ${offset} after ${last}`)
    latest.set(key, Math.max(last, offset))
    first.set(topic, Math.min(first.get(topic) ?? offset, offset))
  }

  /** Outputs of records before this one may have been deleted. */
  const knownFrom = (deletedTopics: ReadonlySet<string>): number =>
    Math.max(0, ...[...deletedTopics].map((topic) => first.get(topic) ?? committed))

  return {
    addRecord: (offset) => {
      records.add(offset)
      counts.records++
    },
    addOutput: (offset, place) => {
      counts.outputs++
      note(offset, place)
    },
    addDeadLetter: (offset, place) => {
      counts.deadLetters++
      note(offset, place)
    },
    balance: (deletedTopics) => {
      const known = knownFrom(deletedTopics)
      const lost = createOffsetExamples()
      const unexpected = createOffsetExamples()
      let pending = 0
      let gone = 0
      for (const offset of records.values()) {
        if (seen.has(offset)) continue
        if (offset >= committed) pending++
        else if (offset < known) gone++
        else lost.add(offset)
      }
      for (const offset of seen.values()) if (offset >= start && !records.has(offset)) unexpected.add(offset)
      return { ...counts, pending, gone, lost, duplicates, reordered, unexpected }
    },
  }
}
