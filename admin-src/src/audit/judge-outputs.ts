import type { Handled, InputRecord, MadeRecord, StepOutcome } from '@kafka-etl/pipeline'
import { addDifferent, addRepeat, type Findings } from './findings.js'
import type { HandledRecords } from './handled-records.js'
import type { FoundOutput } from './output-book.js'
import { cutRecordHash, hashRecord } from './record-hash.js'

/** Rejections that the step alone does not determine: they come from the ETL, or from a step that does not return. */
const reasonsOfLoop: readonly (string | undefined)[] = ['record_too_large', 'step_failed']

export const isOfLoop = ({ reason }: FoundOutput): boolean => reasonsOfLoop.includes(reason)

/** Two times of the same length that share no digit: where two results differ, they depend on the time. */
const clocks = [1_000_000_000_000, 2_111_111_111_111] as const

/** The time for a record whose outputs do not say when it was handled. */
export const anyHandledAtMs: number = clocks[0]

/** An output that depends on the time of handling, with what the step makes at two other times. */
export type Doubt = { readonly found: FoundOutput; readonly made: readonly [MadeRecord, MadeRecord] }

type Place = { readonly topic: string; readonly partition: number }

export type JudgeOptions = {
  /** The group's next offset. */
  readonly committed: number
  /** The partition for rejected records. */
  readonly deadLetters: Place
  readonly again: HandledRecords['again']
  /** Whether a missing output of this record may have been deleted, or may be unmarked. */
  readonly mayBeGone: (offset: number, topic: string, partition: number) => boolean
  readonly onDoubt: (doubt: Doubt) => void
}

/** Creates the function that compares what the step makes of a record with the outputs found for it. */
export const createJudge = (
  { committed, deadLetters, again, mayBeGone, onDoubt }: JudgeOptions,
  findings: Findings,
): ((handled: Handled, found: readonly FoundOutput[]) => void) => {
  const repeat = (found: FoundOutput): void => addRepeat(findings, found)
  const differ = (found: FoundOutput): void => addDifferent(findings, found)

  const miss = (offset: number, places: readonly Place[]): void => {
    if (offset >= committed) findings.pending++
    else if (places.every(({ topic, partition }) => mayBeGone(offset, topic, partition))) findings.gone++
    else findings.lost.add(offset)
  }

  const compare = (record: InputRecord, made: MadeRecord, found: FoundOutput): void => {
    const atItsTime = again ? findMade(again({ ...record, handledAtMs: found.timestampMs }), made) : made
    if (atItsTime && hashRecord(atItsTime) === found.hash) return
    const [first, second] = clocks.map((handledAtMs) => again && findMade(again({ ...record, handledAtMs }), made))
    // A record that another clock stamped can still be compared, except for what depends on the time.
    if (first && second && hashRecord(first) !== hashRecord(second)) {
      onDoubt({ found, made: [first, second] })
    } else differ(found)
  }

  const judgeMade = (record: InputRecord, made: readonly MadeRecord[], found: readonly FoundOutput[]): void => {
    const offset = Number(record.offset)
    const outputs = found.filter(({ reason }) => reason === undefined)
    const letters = found.filter(({ reason }) => reason !== undefined)
    if (outputs.length === 0 && letters.length > 0) {
      // Rejected by an earlier release, or under other settings: it may be replayed.
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
    if (outputs.some((output) => !made.some((wanted) => isSame(output, wanted)))) findings.unexpected.add(offset)
    if (missing.length > 0) miss(offset, missing)
  }

  const judgeRejected = (record: InputRecord, reason: string, found: readonly FoundOutput[]): void => {
    const [first, ...others] = found
    others.forEach(repeat)
    if (!first) {
      miss(Number(record.offset), [deadLetters])
      return
    }
    const { key, value, headers } = record
    const hash = first.hash === cutRecordHash ? cutRecordHash : hashRecord({ key, value, headers })
    const isRight = first.reason === reason && first.hash === hash
    if (!isRight && !isOfLoop(first)) differ(first)
  }

  const count = (why: string): void => void (findings.dropped[why] = (findings.dropped[why] ?? 0) + 1)

  return ({ record, outcome }, found) => {
    if (outcome.kind === 'rejected') judgeRejected(record, outcome.reason, found)
    else if (outcome.kind === 'made') {
      outcome.dropped?.forEach(count)
      judgeMade(record, outcome.records, found)
    } else {
      count(outcome.why)
      judgeMade(record, [], found)
    }
  }
}

const isSame = ({ place, index }: FoundOutput, made: MadeRecord): boolean =>
  place.topic === made.topic && index === made.index

const findMade = (outcome: StepOutcome, { topic, index }: MadeRecord): MadeRecord | undefined =>
  outcome.kind === 'made' ? outcome.records.find((made) => made.topic === topic && made.index === index) : undefined
