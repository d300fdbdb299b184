import { createExamples, type Examples } from './examples.js'
import { createOffsetSet, type OffsetSet } from './offset-set.js'

/** Where an output or a dead letter stands. */
export type Place = { readonly topic: string; readonly partition: number; readonly offset: string }

/** The outputs and dead letters of one input partition. */
export type OutputBook = {
  readonly addOutput: (offset: number, place: Place) => void
  readonly addDeadLetter: (offset: number, place: Place) => void
  readonly counts: () => { readonly outputs: number; readonly deadLetters: number }
  /** Offsets of the records that have one. */
  readonly seen: OffsetSet
  /** The lowest of them in a topic; undefined if it has none. */
  readonly firstIn: (topic: string) => number | undefined
  /** Outputs of a record that has another one. */
  readonly duplicates: Examples
  /** Outputs that come after one of a later record. */
  readonly reordered: Examples
}

export const createOutputBook = (): OutputBook => {
  const seen = createOffsetSet()
  const duplicates = createExamples()
  const reordered = createExamples()
  const latest = new Map<string, number>()
  const first = new Map<string, number>()
  let outputs = 0
  let deadLetters = 0

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

  return {
    addOutput: (offset, place) => {
      outputs++
      note(offset, place)
    },
    addDeadLetter: (offset, place) => {
      deadLetters++
      note(offset, place)
    },
    counts: () => ({ outputs, deadLetters }),
    seen,
    firstIn: (topic) => first.get(topic),
    duplicates,
    reordered,
  }
}
