/** The middle value, or the mean of the middle two; NaN for an empty list. */
export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

export type Spread = { readonly median: number; readonly lowest: number; readonly highest: number }

export const spreadOf = (values: readonly number[]): Spread => ({
  median: medianOf(values),
  lowest: Math.min(...values),
  highest: Math.max(...values),
})

/**
 * The ratio of the first list's values to the second list's, round by round, since both share a round's disturbances.
 */
export const ratioOf = (values: readonly number[], others: readonly number[]): Spread =>
  spreadOf(values.flatMap((value, index) => (others[index] === undefined ? [] : [value / others[index]])))
