import { headerNames } from '@kafka-etl/kafka'
import type { Letter, ShownRecord } from '../protocol.js'

/** A record of the dead letter topic with parsed headers. If a name occurs twice, the last header is the ETL's. */
export const toLetter = (record: ShownRecord): Letter => {
  const text = (name: string): string | undefined =>
    record.headers.findLast((header) => header.name === name)?.value.text
  const rejectedAt = text(headerNames.errorTimestamp)
  return {
    ...record,
    reason: text(headerNames.errorReason) ?? '(none)',
    message: text(headerNames.errorMessage) ?? '',
    rejectedAtMs: rejectedAt !== undefined && /^\d{1,15}$/.test(rejectedAt) ? Number(rejectedAt) : undefined,
    replay: `npm run admin -- dead-letters replay --letter ${record.partition}/${record.offset}`,
  }
}
