/** How much a count grows per second, over the last `windowMs`. */
export const createRate = (windowMs = 5_000) => {
  let seen: { readonly atMs: number; readonly count: number }[] = []
  return {
    add: (atMs: number, count: number): void => {
      const last = seen.at(-1)
      // A recreated topic counts from 0.
      if (last && (count < last.count || atMs <= last.atMs)) seen = []
      seen.push({ atMs, count })
      while (seen.length > 2 && (seen[1]?.atMs ?? atMs) <= atMs - windowMs) seen.shift()
    },
    perSecond: (): number => {
      const [first] = seen
      const last = seen.at(-1)
      if (!first || !last || last.atMs === first.atMs) return 0
      return ((last.count - first.count) * 1_000) / (last.atMs - first.atMs)
    },
  }
}
