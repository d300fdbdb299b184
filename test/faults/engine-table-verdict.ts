import type { Verdict } from './engine-proof.js'

type Change = { readonly key: string; readonly value: string | null }
type Values = readonly (string | null)[]
type Changes = { readonly left: readonly Change[]; readonly right: readonly Change[] }

/** The values of each key; each history begins with null. */
const historiesOf = (changes: readonly Change[]): ((key: string) => Values) => {
  const byKey = Map.groupBy(changes, ({ key }) => key)
  return (key) => [null, ...(byKey.get(key) ?? []).map(({ value }) => value)]
}

const describePair = (key: string, left: string | null | undefined, right: string | null | undefined): string =>
  left === null || left === undefined || right === null || right === undefined
    ? `${key}:deleted`
    : `${key}:${left}+${right}`

const keysOf = ({ left, right }: Changes): readonly string[] => [...new Set([...left, ...right].map(({ key }) => key))]

/** The final value of each key, in the format of `describeJoined`. */
export const latestPairs = (changes: Changes): ReadonlyMap<string, string> => {
  const [left, right] = [historiesOf(changes.left), historiesOf(changes.right)]
  return new Map(keysOf(changes).map((key) => [key, describePair(key, left(key).at(-1), right(key).at(-1))]))
}

/**
 * Judges the join of two tables by the changes of each key. The output has to match one interleaving of both sides that
 * keeps each side's order; Flink is free to choose which.
 */
export const judgeTables = (changes: Changes, joined: readonly string[]): Verdict => {
  const byKey = Map.groupBy(joined, (text) => text.slice(0, text.indexOf(':')))
  const keys = keysOf(changes)
  const [left, right] = [historiesOf(changes.left), historiesOf(changes.right)]
  let [lost, twice, wrong] = [0, 0, [...byKey.keys()].filter((key) => !keys.includes(key)).length]
  for (const key of keys) {
    const written = byKey.get(key) ?? []
    const pairs = written.filter((text) => !text.endsWith(':deleted'))
    twice += pairs.length - new Set(pairs).size
    const { isPossible, isWhole } = follow(key, left(key), right(key), written)
    if (!isPossible) wrong += 1
    else if (!isWhole) lost += 1
  }
  return { lost, twice, wrong }
}

/**
 * Walks the grid of changes taken from either side, along all paths that produce `written`. A change produces output if
 * the other side has a value: a tombstone produces a tombstone, even if there was nothing to delete.
 */
const follow = (key: string, left: Values, right: Values, written: readonly string[]) => {
  const width = right.length
  const cells = left.flatMap((b) => right.map((d) => describePair(key, b, d)))
  const stepsOf = (place: number): readonly Step[] => {
    const [taken, column] = [Math.floor(place / width), place % width]
    return [
      ...(taken + 1 < left.length ? [{ to: place + width, isWritten: right[column] !== null }] : []),
      ...(column + 1 < width ? [{ to: place + 1, isWritten: left[taken] !== null }] : []),
    ]
  }
  const settle = (places: Iterable<number>): ReadonlySet<number> => {
    const reached = new Set(places)
    // Iterating a set also visits what is added meanwhile.
    for (const place of reached) for (const { to, isWritten } of stepsOf(place)) if (!isWritten) reached.add(to)
    return reached
  }
  let places = settle([0])
  for (const text of written) {
    places = settle(
      [...places].flatMap((place) =>
        stepsOf(place)
          .filter(({ to, isWritten }) => isWritten && cells[to] === text)
          .map(({ to }) => to),
      ),
    )
    if (places.size === 0) return { isPossible: false, isWhole: false }
  }
  return { isPossible: true, isWhole: places.has(left.length * width - 1) }
}

/** A step to the next change of one side. */
type Step = { readonly to: number; readonly isWritten: boolean }
