/** How each output begins; inside a JSON text its quotes are escaped, so that no message can look like it. */
const outputStart = '{"timestamp":'

/**
 * The event time, in ms since 1970, of the last output of these runs, read from its bytes; undefined where there is
 * none. The outputs are made as bytes for speed, and one look at the last of a batch costs nothing.
 */
export const readLastEventTime = (runs: readonly { readonly buffer: Buffer }[]): number | undefined => {
  const buffer = runs.at(-1)?.buffer
  const start = buffer?.lastIndexOf(outputStart) ?? -1
  if (buffer === undefined || start < 0) return undefined
  const from = start + outputStart.length
  const end = buffer.indexOf(',', from)
  const epochMs = Number(buffer.toString('latin1', from, end < 0 ? from : end))
  return end < 0 || Number.isNaN(epochMs) ? undefined : epochMs
}
