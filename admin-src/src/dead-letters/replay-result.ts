import type { DeadLetter } from './letter.js'
import type { SkipReason } from './plan-replay.js'

/** Letters that were skipped for one reason: their count, and the first cases in words. */
export type LeftLetters = { readonly count: number; readonly examples: readonly string[] }

/** What was replayed, by reason of rejection, and what was skipped. */
export type ReplayResult = {
  readonly replayed: ReadonlyMap<string, number>
  readonly left: ReadonlyMap<SkipReason, LeftLetters>
}

export type ReplayTally = ReplayResult & {
  readonly noteReplayed: (letter: DeadLetter) => void
  /** `coordinates`: `0/17`; `detail`: specific to this letter. */
  readonly noteLeft: (reason: SkipReason, coordinates: string, detail?: string) => void
}

const mostExamples = 5

export const createReplayTally = (): ReplayTally => {
  const replayed = new Map<string, number>()
  const left = new Map<SkipReason, { count: number; readonly examples: string[] }>()
  return {
    replayed,
    left,
    noteReplayed: ({ reason = '' }) => replayed.set(reason, (replayed.get(reason) ?? 0) + 1),
    noteLeft: (reason, coordinates, detail) => {
      const known = left.get(reason) ?? { count: 0, examples: [] }
      left.set(reason, known)
      known.count++
      const example = `${coordinates}${detail === undefined ? '' : ` (${detail})`}`
      if (known.examples.length < mostExamples) known.examples.push(example)
    },
  }
}
