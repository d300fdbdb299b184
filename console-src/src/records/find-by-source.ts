/** A record's place, and the offset of the input that it was made of. */
export type Sighting = { readonly at: bigint; readonly sourceOffset: bigint }

/** The first record from an offset on that was made of the input partition in question, as far as is looked. */
export type FindNext = (from: bigint) => Promise<Sighting | undefined>

/**
 * Finds where the outputs of one input record begin in an output partition, without reading all of it: outputs of one
 * input partition stand in the order of their inputs. Undefined: there is none from `range.from` to before `range.to`.
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
