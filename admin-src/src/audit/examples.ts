/** A count, and the first cases in words. */
export type Examples = {
  readonly add: (example: string) => void
  readonly count: () => number
  readonly list: () => readonly string[]
}

/** Ascending offsets: their count, and the first ranges, such as `17-20`. */
export type OffsetExamples = {
  readonly add: (offset: number) => void
  readonly count: () => number
  readonly list: () => readonly string[]
}

const most = 5

export const createExamples = (): Examples => {
  const examples: string[] = []
  let count = 0
  return {
    add: (example) => {
      count++
      if (examples.length < most) examples.push(example)
    },
    count: () => count,
    list: () => examples,
  }
}

export const createOffsetExamples = (): OffsetExamples => {
  const stretches: { readonly first: number; last: number }[] = []
  let count = 0
  return {
    add: (offset) => {
      count++
      const stretch = stretches.at(-1)
      if (stretch?.last === offset - 1) stretch.last = offset
      else if (stretches.length < most) stretches.push({ first: offset, last: offset })
    },
    count: () => count,
    list: () => stretches.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)),
  }
}
