import { createExamples, createOffsetExamples, type Examples, type OffsetExamples } from './examples.js'
import type { FoundOutput } from './output-book.js'

/** What is noted of an input partition's records and outputs while they are compared. */
export type Findings = {
  /** By reason: what the step drops has no output. */
  readonly dropped: Record<string, number>
  /** Records that the group has not committed, without an output yet. */
  pending: number
  /** Committed records whose outputs may have been deleted: nothing can be said of them. */
  gone: number
  /** Committed records without an output that has to be there. */
  readonly lost: OffsetExamples
  /** Outputs that are there already. */
  readonly duplicates: Examples
  /** Outputs of a record that is not there, though its offset is not deleted, or of which the step makes none. */
  readonly unexpected: OffsetExamples
  /** Outputs and dead letters that the step does not make so. */
  readonly different: Examples
}

export const createFindings = (): Findings => ({
  dropped: {},
  pending: 0,
  gone: 0,
  lost: createOffsetExamples(),
  duplicates: createExamples(),
  unexpected: createOffsetExamples(),
  different: createExamples(),
})

export const addRepeat = ({ duplicates }: Findings, { place, source }: FoundOutput): void =>
  duplicates.add(`${place.topic}/${place.partition}/${place.offset} repeats ${source}`)

export const addDifferent = ({ different }: Findings, { place, source }: FoundOutput): void =>
  different.add(`${place.topic}/${place.partition}/${place.offset} of ${source}`)
