/** What Kafka reports about an input partition, whichever instance reads it. */
export type InputState = {
  readonly topic: string
  readonly partition: number
  /** The group's committed offset; undefined: none. */
  readonly committed: bigint | undefined
  readonly start: bigint
  readonly stableEnd: bigint
  readonly end: bigint
}

/** A partition with something to read whose committed offset does not move. */
export type UnreadInput = InputState & { readonly waitingMs: number }

/** A partition in which another producer's open transaction holds records back. */
export type HeldBackInput = InputState & { readonly records: number; readonly heldMs: number }

/** The progress of all input partitions, including those of other instances. `nowMs` is monotonic. */
export type InputProgress = {
  readonly observe: (inputs: readonly InputState[], nowMs: number) => void
  /** The partitions with lag and without progress for at least this long. */
  readonly unread: (nowMs: number, atLeastMs: number) => readonly UnreadInput[]
  readonly heldBack: (nowMs: number) => readonly HeldBackInput[]
}

type Observed = {
  readonly state: InputState
  /** When the committed offset last moved, or there was last nothing to read. */
  readonly movedAtMs: number
  /** When the last stable offset last moved, or was last the log's end. */
  readonly stableAtMs: number
}

const hasLag = ({ committed, start, stableEnd }: InputState): boolean =>
  stableEnd > start && (committed === undefined || committed < stableEnd)

const isHeldBack = ({ stableEnd, end }: InputState): boolean => end > stableEnd

export const createInputProgress = (): InputProgress => {
  let observed = new Map<string, Observed>()

  const observeOne = (state: InputState, nowMs: number): Observed => {
    const known = observed.get(`${state.topic}/${state.partition}`)
    const isSameOffset = known?.state.committed === state.committed
    const isSameStableEnd = known?.state.stableEnd === state.stableEnd
    return {
      state,
      movedAtMs: known && isSameOffset && hasLag(known.state) ? known.movedAtMs : nowMs,
      stableAtMs: known && isSameStableEnd && isHeldBack(known.state) ? known.stableAtMs : nowMs,
    }
  }

  return {
    observe: (inputs, nowMs) => {
      observed = new Map(inputs.map((state) => [`${state.topic}/${state.partition}`, observeOne(state, nowMs)]))
    },
    unread: (nowMs, atLeastMs) =>
      [...observed.values()]
        .filter(({ state, movedAtMs }) => hasLag(state) && nowMs - movedAtMs >= atLeastMs)
        .map(({ state, movedAtMs }) => ({ ...state, waitingMs: nowMs - movedAtMs })),
    heldBack: (nowMs) =>
      [...observed.values()]
        .filter(({ state }) => isHeldBack(state))
        .map(({ state, stableAtMs }) => ({
          ...state,
          records: Number(state.end - state.stableEnd),
          heldMs: nowMs - stableAtMs,
        })),
  }
}
