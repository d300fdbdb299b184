const leftovers = new Set<() => unknown>()

/**
 * Registers something to end after the tests of this file, whatever their outcome; returns a function that unregisters
 * it.
 */
export const endAfterTests = (end: () => unknown): (() => void) => {
  leftovers.add(end)
  return () => void leftovers.delete(end)
}

/** Ends what the tests of this file left running, the last one first: a folder is removed after the processes in it. */
export const endLeftovers = async (): Promise<void> => {
  const ends = [...leftovers]
  leftovers.clear()
  for (const end of ends.toReversed()) await end()
}
