import { headerNames } from '@kafka-etl/common'
import { createDeadLetter } from './dead-letter.js'
import type { InputRecord, OutputRecord, Route } from './input-record.js'
import type { Pipeline, Warning } from './pipelines/pipeline.js'
import type { RejectReason } from './pipelines/timestamps/reject-reason.js'
import { batchOverheadBytes, recordBytesAtMost } from './record-size.js'

/** What becomes of a batch of input records: each of them is one output or one dead letter, in input order. */
export type ConvertedBatch = {
  readonly outputs: readonly OutputRecord[]
  readonly deadLetters: readonly OutputRecord[]
  readonly rejections: readonly { readonly reason: RejectReason; readonly message: string; readonly offset: string }[]
  readonly warnings: ReadonlyMap<Warning, number>
}

/** The largest batch that each output topic takes, in bytes (`max.message.bytes`). */
export type SizeLimits = { readonly outputBytes: number; readonly deadLetterBytes: number }

/** Runs `pipeline` over the records of one input partition. Pure but for what the pipeline is given. */
export const convertBatch = (
  records: readonly InputRecord[],
  route: Route,
  pipeline: Pipeline,
  limits: SizeLimits,
  handledAtMs: number,
): ConvertedBatch => {
  const outputs: OutputRecord[] = []
  const deadLetters: OutputRecord[] = []
  const rejections: { reason: RejectReason; message: string; offset: string }[] = []
  const warnings = new Map<Warning, number>()
  const sourcePrefix = `${route.topic}/${route.partition}/`
  for (const record of records) {
    const source = sourcePrefix + record.offset
    const result = convertRecord(record, source, pipeline, limits, handledAtMs)
    if (result.ok) {
      outputs.push(result.output)
      if (result.warning) warnings.set(result.warning, (warnings.get(result.warning) ?? 0) + 1)
    } else {
      const { reason, message } = result
      rejections.push({ reason, message, offset: record.offset })
      deadLetters.push(
        createDeadLetter({ record, source, reason, message, rejectedAtMs: handledAtMs }, limits.deadLetterBytes),
      )
    }
  }
  return { outputs, deadLetters, rejections, warnings }
}

type Converted =
  | { readonly ok: true; readonly output: OutputRecord; readonly warning?: Warning }
  | { readonly ok: false; readonly reason: RejectReason; readonly message: string }

const convertRecord = (
  record: InputRecord,
  source: string,
  pipeline: Pipeline,
  { outputBytes }: SizeLimits,
  handledAtMs: number,
): Converted => {
  const outcome = pipeline(record.value, handledAtMs)
  if (!outcome.ok) return outcome
  const { key, timestamp } = record
  const output = { key, value: outcome.value, timestamp, headers: { [headerNames.source]: source } }
  const bytes = recordBytesAtMost(output) + batchOverheadBytes
  if (bytes > outputBytes) {
    return {
      ok: false,
      reason: 'record_too_large',
      message: `expected an output of at most ${outputBytes} bytes, got ${bytes} from a value of ${record.value?.length ?? 0}`,
    }
  }
  return outcome.warning ? { ok: true, output, warning: outcome.warning } : { ok: true, output }
}
