import { createOffsetExamples, type Examples, type OffsetExamples } from './examples.js'
import { createOffsetSet } from './offset-set.js'
import { createOutputBook, type OutputBook, type Place } from './output-book.js'

/** What is known of an input partition before it is read. */
export type LedgerBounds = {
  /** Where its log starts: what was before is deleted. */
  readonly start: number
  /** The group's next offset: everything below has to have its output. */
  readonly committed: number
  /** False: outputs without the id of the input's topic are known to be of an earlier topic of that name. */
  readonly countsUnmarked: boolean
  /** Nothing can be said of records below: their outputs, if any, are not marked. 0 unless a reset left some out. */
  readonly markedFrom: number
}

/** How the outputs of an input partition compare with its records. */
export type Balance = {
  /** Records that can still be read. */
  readonly records: number
  readonly outputs: number
  readonly deadLetters: number
  /** Records that the group has not committed, without an output yet. */
  readonly pending: number
  /** Committed records whose outputs may have been deleted by retention: nothing can be said of them. */
  readonly gone: number
  /** Outputs of an earlier topic of this name, which are not balanced. */
  readonly earlier: number
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
  /** Outputs and dead letters that bear the id of the input's present topic. */
  readonly marked: Pick<OutputBook, 'addOutput' | 'addDeadLetter'>
  /** An output that bears the id of an earlier topic. */
  readonly addEarlier: () => void
  /** `deletedTopics`: those of whose start something was deleted, so that outputs from before are not there any more. */
  readonly balance: (deletedTopics: ReadonlySet<string>) => Balance
}

/**
 * Marked outputs belong to the present topic. Unmarked ones do so only if there are no marked ones: the ETL marks all
 * outputs of an input topic whose coordinates may have been those of an earlier topic.
 */
export const createLedger = ({ start, committed, countsUnmarked, markedFrom }: LedgerBounds): Ledger => {
  const records = createOffsetSet()
  const unmarked = createOutputBook()
  const marked = createOutputBook()
  let recordCount = 0
  let earlier = 0

  return {
    addRecord: (offset) => {
      records.add(offset)
      recordCount++
    },
    addOutput: unmarked.addOutput,
    addDeadLetter: unmarked.addDeadLetter,
    marked,
    addEarlier: () => {
      earlier++
    },
    balance: (deletedTopics) => {
      const isMarked = !countsUnmarked || total(marked) > 0
      const book = isMarked ? marked : unmarked
      const { seen, duplicates, reordered } = book
      // Outputs of records before this one may have been deleted, or be unmarked.
      const knownFrom = Math.max(
        isMarked ? markedFrom : 0,
        ...[...deletedTopics].map((topic) => book.firstIn(topic) ?? committed),
      )
      const lost = createOffsetExamples()
      const unexpected = createOffsetExamples()
      let pending = 0
      let gone = 0
      for (const offset of records.values()) {
        if (seen.has(offset)) continue
        if (offset >= committed) pending++
        else if (offset < knownFrom) gone++
        else lost.add(offset)
      }
      for (const offset of seen.values()) if (offset >= start && !records.has(offset)) unexpected.add(offset)
      const left = earlier + (isMarked ? total(unmarked) : 0)
      const found = { lost, duplicates, reordered, unexpected }
      return { records: recordCount, ...book.counts(), pending, gone, earlier: left, ...found }
    },
  }
}

const total = (book: OutputBook): number => {
  const { outputs, deadLetters } = book.counts()
  return outputs + deadLetters
}
