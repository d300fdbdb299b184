/** Why a log is rejected: the `__etl.errors.reason` header of its dead letter. The ETL adds `record_too_large`. */
export const rejectReasons = [
  'value_empty',
  'value_not_utf8',
  'value_not_json',
  'value_not_object',
  'field_missing',
  'field_not_text',
  'date_not_in_format',
  'date_does_not_exist',
  'offset_out_of_range',
  'local_time_ambiguous',
  'local_time_skipped',
  'zone_mismatch',
] as const

export type RejectReason = (typeof rejectReasons)[number]

/** A rejection of one log: the code, and a sentence that says what was expected and what came. */
export type Rejection = { readonly ok: false; readonly reason: RejectReason; readonly message: string }

export const reject = (reason: RejectReason, message: string): Rejection => ({ ok: false, reason, message })
