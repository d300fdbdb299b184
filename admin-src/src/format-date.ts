/** The range of a JavaScript date in either direction, in ms (ECMAScript, "Time Values and Time Range"). */
const furthestMs = 8.64e15

/**
 * `2024-02-05T15:01:52.884Z`; the number itself if it is beyond any date, since Kafka accepts any; `-` for none (-1).
 */
export const formatDate = (epochMs: number | undefined): string => {
  if (epochMs === undefined || epochMs === -1 || Number.isNaN(epochMs)) return '-'
  return Math.abs(epochMs) > furthestMs ? `${epochMs} ms` : new Date(epochMs).toISOString()
}
