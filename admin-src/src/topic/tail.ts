import type { LogRange, OffsetRange } from '@kafka-etl/kafka'
import { connectPipelineFormats } from '../connect-formats.js'
import { readerGroupPrefix, type ConnectedContext } from '../context.js'
import { formatJson, type Report } from '../report.js'
import { toStoredRecord } from '../stored-record.js'
import { partitionKey } from '../topics.js'
import { createDescribeRecord } from './describe-record.js'

export type TailStart = { readonly kind: 'earliest' | 'latest' } | { readonly kind: 'time'; readonly epochMs: number }

export type TailOptions = {
  readonly topic: string
  readonly from: TailStart
  /** Ends after this many; undefined: continues until it is stopped. */
  readonly count: number | undefined
  readonly isJson: boolean
}

/** The longest delay of a timer. */
const neverMs = 2 ** 31 - 1
const noEnd = 2n ** 62n

class EnoughRecords extends Error {}

/** `tail`: prints the committed records of a topic as they arrive, one per line. */
export const reportTail = async (context: ConnectedContext, options: TailOptions): Promise<Report> => {
  const { topic, count = Number.POSITIVE_INFINITY, isJson } = options
  const formats = await connectPipelineFormats(context, [])
  const { toLine, toJson } = createDescribeRecord(formats, topic)
  const ranges = await planRanges(context, options)
  let printed = 0
  await context.kafka
    .readRanges({
      groupPrefix: readerGroupPrefix(context),
      isolation: 'read_committed',
      ranges,
      stallMs: neverMs,
      onRecord: async ({ partition }, view) => {
        const prepared = formats.prepare(topic, view.value, view.key)
        if (prepared) await prepared
        // Skip records that other partitions still deliver after enough were printed.
        if (printed >= count) return
        const record = { ...toStoredRecord(view), partition, timestampMs: view.timestampMs }
        context.print(isJson ? formatJson(toJson(record)) : toLine(record))
        printed++
        if (printed >= count) throw new EnoughRecords()
      },
    })
    .catch((error: unknown) => {
      if (!(error instanceof EnoughRecords)) throw error
    })
  return { text: '', json: undefined, exitCode: 0 }
}

const planRanges = async (
  { admin }: ConnectedContext,
  { topic, from }: TailOptions,
): Promise<readonly OffsetRange[]> => {
  const logs = await admin.readLogRanges([topic])
  const atTime = from.kind === 'time' ? await admin.readOffsetsAtTime(topic, from.epochMs) : []
  const offsets = new Map(atTime.map(({ partition, offset }) => [partitionKey({ topic, partition }), offset]))
  return logs.map((log) => ({
    topic,
    partition: log.partition,
    from: offsets.get(partitionKey(log)) ?? startOf(log, from),
    to: noEnd,
  }))
}

const startOf = ({ start, stableEnd }: LogRange, { kind }: TailStart): bigint =>
  kind === 'earliest' ? start : stableEnd
