/** A record's offset, and the offset of its input. */
export type Sighting = { readonly at: bigint; readonly sourceOffset: bigint }

/**
 * The first record from an offset on that derives from the input partition in question, within the limits of the
 * search.
 */
export type FindNext = (from: bigint) => Promise<Sighting | undefined>

/**
 * Finds where the outputs of one input record begin in an output partition, without reading all of it: the outputs of
 * one input partition are in the order of their inputs. Undefined: there is none from `range.from` up to but not
 * including `range.to`.
 */
export const findBySource = async (
  findNext: FindNext,
  range: { readonly from: bigint; readonly to: bigint },
  wantedOffset: bigint,
): Promise<bigint | undefined> => {
  let { from, to } = range
  while (from < to) {
    const middle = (from + to) / 2n
    const seen = await findNext(middle)
    if (seen && seen.at < to && seen.sourceOffset < wantedOffset) from = seen.at + 1n
    else to = middle
  }
  const found = await findNext(from)
  return found?.sourceOffset === wantedOffset ? found.at : undefined
}
