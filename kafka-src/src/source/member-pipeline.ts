/**
 * What a member announces to its group besides its topics: `{"v":1,"pipeline":"noaa"}`; without a pipeline, nothing.
 */
export const formatMemberPipeline = (pipeline: string | undefined): Buffer =>
  pipeline === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify({ v: 1, pipeline }))

/** The pipeline that a member reads for; undefined if it announces none. */
export const readMemberPipeline = (userData: Buffer | null | undefined): string | undefined => {
  try {
    const told: unknown = JSON.parse(userData?.toString() ?? '')
    if (typeof told !== 'object' || told === null || !('pipeline' in told)) return undefined
    return typeof told.pipeline === 'string' ? told.pipeline : undefined
  } catch {
    return undefined
  }
}
