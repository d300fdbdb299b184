import type { InputRecord } from '@kafka-etl/pipeline'
import type { Examples } from './examples.js'
import { addDifferent, addRepeat, createFindings, type Findings } from './findings.js'
import type { HandledRecords } from './handled-records.js'
import { anyHandledAtMs, createJudge, isOfLoop, type Doubt } from './judge-outputs.js'
import { createOutputBook, type FoundOutput, type OutputBook } from './output-book.js'

/** What is known of an input partition before it is read. */
export type LedgerBounds = {
  /** The start of its log: earlier records are deleted. */
  readonly start: number
  /** The group's next offset: every record before it must have what its step makes of it. */
  readonly committed: number
  /** False if outputs without the id of the input's topic are known to belong to an earlier topic with that name. */
  readonly countsUnmarked: boolean
  /**
   * Records before this offset cannot be judged: their outputs, if any, are not marked. 0 unless a reset skipped some.
   */
  readonly markedFrom: number
  /** Whether the topic is compacted: then records may be missing from its middle. */
  readonly isCompacted: boolean
  /** The dead letter partition for its rejected records. */
  readonly deadLetters: { readonly topic: string; readonly partition: number }
}

/** What is known of the output topics. */
export type OutputFacts = {
  /** Partitions (`topic/partition`) whose first records were deleted. */
  readonly deleted: ReadonlySet<string>
  /** Compacted topics: a missing record may have been overwritten. */
  readonly compacted: ReadonlySet<string>
}

/** How the outputs of an input partition compare with what its step makes of its records. */
export type Balance = Findings & {
  /** Records that can still be read. */
  readonly records: number
  readonly outputs: number
  readonly deadLetters: number
  /** Outputs of an earlier topic with this name, which are not compared. */
  readonly earlier: number
  /** Outputs that come after an output of a later record. */
  readonly reordered: Examples
}

/** The books of one input partition: add the outputs first, then the records in order. */
export type Ledger = {
  readonly unmarked: Pick<OutputBook, 'add'>
  /** Outputs and dead letters with the id of the input's current topic. */
  readonly marked: Pick<OutputBook, 'add'>
  /** Adds an output with the id of an earlier topic. */
  readonly addEarlier: () => void
  readonly addRecord: (record: Omit<InputRecord, 'handledAtMs'>) => void
  /** Outputs to check again: see {@link Doubt}. */
  readonly doubts: readonly Doubt[]
  readonly addDifferent: (found: FoundOutput) => void
  readonly balance: () => Balance
}

/**
 * Marked outputs belong to the current topic. Unmarked ones do so only if there are no marked ones: the ETL marks all
 * outputs of an input topic whose coordinates may have been those of an earlier topic.
 */
export const createLedger = (bounds: LedgerBounds, facts: OutputFacts, handled: HandledRecords): Ledger => {
  const { start, committed, countsUnmarked, markedFrom } = bounds
  const unmarked = createOutputBook()
  const marked = createOutputBook()
  const findings = createFindings()
  const doubts: Doubt[] = []
  const waiting = new Map<number, readonly FoundOutput[]>()
  let [records, earlier] = [0, 0]
  let opened: ReturnType<typeof openBook> | undefined

  const openBook = () => {
    const isMarked = !countsUnmarked || total(marked) > 0
    const book = isMarked ? marked : unmarked
    return { book, isMarked, cursor: book.bySource() }
  }
  const open = () => (opened ??= openBook())

  /** Whether a missing output of this record may have been deleted, or may be unmarked. */
  const mayBeGone = (offset: number, topic: string, partition: number): boolean => {
    const { book, isMarked } = open()
    const place = `${topic}/${partition}`
    if (facts.compacted.has(topic) || (isMarked && offset < markedFrom)) return true
    return facts.deleted.has(place) && offset < (book.firstIn(place) ?? committed)
  }

  const judge = createJudge(
    {
      committed,
      deadLetters: bounds.deadLetters,
      again: handled.again,
      mayBeGone,
      onDoubt: (doubt) => doubts.push(doubt),
    },
    findings,
  )

  const passOver = (end: number): void => {
    const { cursor } = open()
    for (let source = cursor.next(); source !== undefined && source < end; source = cursor.next()) {
      const found = cursor.take(source)
      if (source >= start && !bounds.isCompacted) findings.unexpected.add(source)
      if (found.length === 0) return
    }
  }

  return {
    unmarked,
    marked,
    addEarlier: () => {
      earlier++
    },
    addRecord: (input) => {
      const offset = Number(input.offset)
      passOver(offset)
      records++
      const found = open().cursor.take(offset)
      // Do not run the step for an uncommitted record: it may be the record that stops the ETL.
      if (offset >= committed && found.length === 0) {
        findings.pending++
        return
      }
      if (handled.again && found.some(isOfLoop)) {
        found.slice(1).forEach((output) => addRepeat(findings, output))
        return
      }
      const record = { ...input, handledAtMs: found[0]?.timestampMs ?? anyHandledAtMs }
      waiting.set(offset, found)
      for (const settled of handled.add(record)) {
        const own = Number(settled.record.offset)
        judge(settled, waiting.get(own) ?? [])
        waiting.delete(own)
      }
    },
    doubts,
    addDifferent: (found) => addDifferent(findings, found),
    balance: () => {
      const { book, isMarked } = open()
      passOver(Number.POSITIVE_INFINITY)
      return {
        records,
        ...book.counts(),
        ...findings,
        earlier: earlier + (isMarked ? total(unmarked) : 0),
        reordered: book.reordered,
      }
    },
  }
}

const total = (book: OutputBook): number => {
  const { outputs, deadLetters } = book.counts()
  return outputs + deadLetters
}
