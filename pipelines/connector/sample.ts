/** The numbers 0 to 9, an update each. More updates repeat them. */
export const updateCount = 10

const recordsPerUpdate = 2

/** A header, then a number and its `*COMMIT*` in turns. */
export const makeRecord = (index: number): string => {
  if (index === 0) return 'value'
  const update = Math.floor((index - 1) / recordsPerUpdate)
  return index % recordsPerUpdate === 1 ? String(update % updateCount) : '*COMMIT*'
}

/** How many records these first updates are, the header included. */
export const countRecords = (updates: number): number => 1 + updates * recordsPerUpdate

const pauseMs = 5_000

/** A pause after the header. */
export const afterMsOf = (index: number): number | undefined => (index === 1 ? pauseMs : undefined)
