/** The middle value, the mean of the middle two; NaN of nothing. */
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

/** How many times the second list's values the first list's are, round by round: rounds share their disturbances. */
export const ratioOf = (values: readonly number[], others: readonly number[]): Spread =>
  spreadOf(values.flatMap((value, index) => (others[index] === undefined ? [] : [value / others[index]])))
