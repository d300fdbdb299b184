import { headerNames } from '@kafka-etl/kafka'
import type { Letter, ShownRecord } from '../protocol.js'

/** A record of the dead letter topic, its headers read. Of a name that stands there twice, the ETL's is the last. */
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
