const leftovers = new Set<() => unknown>()

/** Has something ended after the tests of this file, however they went; gives back a function that takes it off the list. */
export const endAfterTests = (end: () => unknown): (() => void) => {
  leftovers.add(end)
  return () => void leftovers.delete(end)
}

/** Ends what the tests of this file left running, the last one first: a folder goes after the processes in it. */
export const endLeftovers = async (): Promise<void> => {
  const ends = [...leftovers]
  leftovers.clear()
  for (const end of ends.toReversed()) await end()
}
