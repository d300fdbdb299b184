import type { Handled, InputRecord, MadeRecord, StepOutcome } from '@kafka-etl/pipeline'
import { createExamples, createOffsetExamples, type Examples, type OffsetExamples } from './examples.js'
import type { HandledRecords } from './handled-records.js'
import { createOutputBook, type FoundOutput, type OutputBook } from './output-book.js'
import { cutRecordHash, hashRecord } from './record-hash.js'

/** What is known of an input partition before it is read. */
export type LedgerBounds = {
  /** Where its log starts: what was before is deleted. */
  readonly start: number
  /** The group's next offset: everything below has to have what its step makes of it. */
  readonly committed: number
  /** False: outputs without the id of the input's topic are known to be of an earlier topic of that name. */
  readonly countsUnmarked: boolean
  /** Nothing can be said of records below: their outputs, if any, are not marked. 0 unless a reset left some out. */
  readonly markedFrom: number
  /** Records may be gone from its middle: the topic is compacted. */
  readonly isCompacted: boolean
  /** The partition of the dead letters that its rejected records go to. */
  readonly deadLetters: { readonly topic: string; readonly partition: number }
}

/** What is known of the topics that are written. */
export type OutputFacts = {
  /** Partitions (`topic/partition`) of whose start something was deleted. */
  readonly deleted: ReadonlySet<string>
  /** Topics that are compacted: what is missing there may have been overwritten. */
  readonly compacted: ReadonlySet<string>
}

/** How the outputs of an input partition compare with what its step makes of its records. */
export type Balance = {
  /** Records that can still be read. */
  readonly records: number
  readonly outputs: number
  readonly deadLetters: number
  /** By reason: what the step drops has no output. */
  readonly dropped: Readonly<Record<string, number>>
  /** Records that the group has not committed, without an output yet. */
  readonly pending: number
  /** Committed records whose outputs may have been deleted: nothing can be said of them. */
  readonly gone: number
  /** Outputs of an earlier topic of this name, which are not balanced. */
  readonly earlier: number
  /** Committed records without an output that has to be there. */
  readonly lost: OffsetExamples
  /** Outputs that are there already. */
  readonly duplicates: Examples
  /** Outputs that come after one of a later record. */
  readonly reordered: Examples
  /** Outputs of a record that is not there, though its offset is not deleted, or of which the step makes none. */
  readonly unexpected: OffsetExamples
  /** Outputs and dead letters that the step does not make so. */
  readonly different: Examples
}

/** An output that depends on when it was handled, with what the step makes at two other times. */
export type Doubt = { readonly found: FoundOutput; readonly made: readonly [MadeRecord, MadeRecord] }

/** The books of one input partition: first the outputs are added, then the records, in their order. */
export type Ledger = {
  readonly unmarked: Pick<OutputBook, 'add'>
  /** Outputs and dead letters that bear the id of the input's present topic. */
  readonly marked: Pick<OutputBook, 'add'>
  /** An output that bears the id of an earlier topic. */
  readonly addEarlier: () => void
  readonly addRecord: (record: Omit<InputRecord, 'handledAtMs'>) => void
  /** Outputs to be looked at again: see {@link Doubt}. */
  readonly doubts: readonly Doubt[]
  readonly addDifferent: (found: FoundOutput) => void
  readonly balance: () => Balance
}

/** Rejections that are not the step's alone to decide: the loop makes them, or a step that does not return. */
const reasonsOfLoop: readonly (string | undefined)[] = ['record_too_large', 'step_failed']

/** Two times that share no digit, and print as many: what differs between them depends on the time. */
const clocks = [1_000_000_000_000, 2_111_111_111_111] as const

/**
 * Marked outputs belong to the present topic. Unmarked ones do so only if there are no marked ones: the ETL marks all
 * outputs of an input topic whose coordinates may have been those of an earlier topic.
 */
export const createLedger = (bounds: LedgerBounds, facts: OutputFacts, handled: HandledRecords): Ledger => {
  const { start, committed, countsUnmarked, markedFrom } = bounds
  const unmarked = createOutputBook()
  const marked = createOutputBook()
  const [lost, unexpected] = [createOffsetExamples(), createOffsetExamples()]
  const [duplicates, different] = [createExamples(), createExamples()]
  const dropped: Record<string, number> = {}
  const doubts: Doubt[] = []
  const waiting = new Map<number, readonly FoundOutput[]>()
  let [records, earlier, pending, gone] = [0, 0, 0, 0]
  let opened: ReturnType<typeof openBook> | undefined

  const openBook = () => {
    const isMarked = !countsUnmarked || total(marked) > 0
    const book = isMarked ? marked : unmarked
    return { book, isMarked, cursor: book.bySource() }
  }
  const open = () => (opened ??= openBook())

  /** Whether a missing output of this record may have been deleted, or be unmarked. */
  const mayBeGone = (offset: number, topic: string, partition: number): boolean => {
    const { book, isMarked } = open()
    const place = `${topic}/${partition}`
    if (facts.compacted.has(topic) || (isMarked && offset < markedFrom)) return true
    return facts.deleted.has(place) && offset < (book.firstIn(place) ?? committed)
  }

  const passOver = (end: number): void => {
    const { cursor } = open()
    for (let source = cursor.next(); source !== undefined && source < end; source = cursor.next()) {
      const found = cursor.take(source)
      if (source >= start && !bounds.isCompacted) unexpected.add(source)
      if (found.length === 0) return
    }
  }

  const repeat = ({ place, source }: FoundOutput): void =>
    duplicates.add(`${place.topic}/${place.partition}/${place.offset} repeats ${source}`)

  const differ = ({ place, source }: FoundOutput): void =>
    different.add(`${place.topic}/${place.partition}/${place.offset} of ${source}`)

  const miss = (offset: number, places: readonly { readonly topic: string; readonly partition: number }[]): void => {
    if (offset >= committed) pending++
    else if (places.every(({ topic, partition }) => mayBeGone(offset, topic, partition))) gone++
    else lost.add(offset)
  }

  const compare = (record: InputRecord, made: MadeRecord, found: FoundOutput): void => {
    const { again } = handled
    const atItsTime = again ? findMade(again({ ...record, handledAtMs: found.timestampMs }), made) : made
    if (atItsTime && hashRecord(atItsTime) === found.hash) return
    const [first, second] = clocks.map((handledAtMs) => again && findMade(again({ ...record, handledAtMs }), made))
    // A record that another clock stamped can still be compared, but for what depends on the time.
    if (first && second && hashRecord(first) !== hashRecord(second)) doubts.push({ found, made: [first, second] })
    else differ(found)
  }

  const judgeMade = (record: InputRecord, made: readonly MadeRecord[], found: readonly FoundOutput[]): void => {
    const offset = Number(record.offset)
    const outputs = found.filter(({ reason }) => reason === undefined)
    const letters = found.filter(({ reason }) => reason !== undefined)
    if (outputs.length === 0 && letters.length > 0) {
      // Rejected by a release, or by settings, that the step has no more: it may be replayed.
      letters.slice(1).forEach(repeat)
      return
    }
    letters.forEach(repeat)
    const missing = made.filter((wanted) => {
      const [first, ...others] = outputs.filter((output) => isSame(output, wanted))
      others.forEach(repeat)
      if (first) compare(record, wanted, first)
      return first === undefined
    })
    if (outputs.some((output) => !made.some((wanted) => isSame(output, wanted)))) unexpected.add(offset)
    if (missing.length > 0) miss(offset, missing)
  }

  const judgeRejected = (record: InputRecord, reason: string, found: readonly FoundOutput[]): void => {
    const [first, ...others] = found
    others.forEach(repeat)
    if (!first) {
      miss(Number(record.offset), [bounds.deadLetters])
      return
    }
    const { key, value } = record
    const hash = first.hash === cutRecordHash ? cutRecordHash : hashRecord({ key, value, headers: record.headers })
    const isRight = first.reason === reason && first.hash === hash
    const isOfLoop = reasonsOfLoop.includes(first.reason)
    if (!isRight && !isOfLoop) differ(first)
  }

  const count = (why: string): void => void (dropped[why] = (dropped[why] ?? 0) + 1)

  const judge = ({ record, outcome }: Handled, found: readonly FoundOutput[]): void => {
    if (outcome.kind === 'rejected') judgeRejected(record, outcome.reason, found)
    else if (outcome.kind === 'made') {
      outcome.dropped?.forEach(count)
      judgeMade(record, outcome.records, found)
    } else {
      count(outcome.why)
      judgeMade(record, [], found)
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
      // What is not committed may be what ends the ETL: it is not run before its time.
      if (offset >= committed && found.length === 0) {
        pending++
        return
      }
      if (handled.again && found.some(({ reason }) => reasonsOfLoop.includes(reason))) {
        found.slice(1).forEach(repeat)
        return
      }
      const record = { ...input, handledAtMs: found[0]?.timestampMs ?? clocks[0] }
      waiting.set(offset, found)
      for (const settled of handled.add(record)) {
        const own = Number(settled.record.offset)
        judge(settled, waiting.get(own) ?? [])
        waiting.delete(own)
      }
    },
    doubts,
    addDifferent: differ,
    balance: () => {
      const { book, isMarked } = open()
      passOver(Number.POSITIVE_INFINITY)
      return {
        records,
        ...book.counts(),
        dropped,
        pending,
        gone,
        earlier: earlier + (isMarked ? total(unmarked) : 0),
        lost,
        duplicates,
        reordered: book.reordered,
        unexpected,
        different,
      }
    },
  }
}

const isSame = ({ place, index }: FoundOutput, made: MadeRecord): boolean =>
  place.topic === made.topic && index === made.index

const findMade = (outcome: StepOutcome, { topic, index }: MadeRecord): MadeRecord | undefined =>
  outcome.kind === 'made' ? outcome.records.find((made) => made.topic === topic && made.index === index) : undefined

const total = (book: OutputBook): number => {
  const { outputs, deadLetters } = book.counts()
  return outputs + deadLetters
}
