/** The numbers 0 to 9, one update each. Further updates repeat them. */
export const updateCount = 10

const recordsPerUpdate = 2

/** A header, then alternately a number and its `*COMMIT*`. */
export const makeRecord = (index: number): string => {
  if (index === 0) return 'value'
  const update = Math.floor((index - 1) / recordsPerUpdate)
  return index % recordsPerUpdate === 1 ? String(update % updateCount) : '*COMMIT*'
}

/** How many records the first `updates` updates have, including the header. */
export const countRecords = (updates: number): number => 1 + updates * recordsPerUpdate

const pauseMs = 5_000

/** A pause after the header. */
export const afterMsOf = (index: number): number | undefined => (index === 1 ? pauseMs : undefined)
