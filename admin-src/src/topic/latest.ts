import { connectPipelineFormats } from '../connect-formats.js'
import type { ConnectedContext } from '../context.js'
import { readAll, toWholeRanges } from '../read-all.js'
import type { Report } from '../report.js'
import { toStoredRecord } from '../stored-record.js'
import { createDescribeRecord, type DescribedRecord } from './describe-record.js'

/** `latest`: the newest record of each key, or of one. A key whose newest record is a tombstone has none. */
export const reportLatest = async (
  context: ConnectedContext,
  { topic, key }: { readonly topic: string; readonly key: string | undefined },
): Promise<Report> => {
  const formats = await connectPipelineFormats(context, [])
  const { toLine, toJson } = createDescribeRecord(formats, topic)
  const records = [...(await readLatest(context, topic, key)).values()].filter(({ value }) => value !== null)
  for (const { key: recordKey, value } of records) await formats.prepare(topic, value, recordKey)
  if (key === undefined) {
    return { text: records.map(toLine).join('\n'), json: { topic, records: records.map(toJson) }, exitCode: 0 }
  }
  const [record] = records
  if (record) return { text: toLine(record), json: toJson(record), exitCode: 0 }
  return { text: '', json: null, complaint: `expected a value of ${key} in ${topic}, found none`, exitCode: 1 }
}

const readLatest = async (
  context: ConnectedContext,
  topic: string,
  wanted: string | undefined,
): Promise<ReadonlyMap<string, DescribedRecord>> => {
  const latest = new Map<string, DescribedRecord>()
  const ranges = toWholeRanges(await context.admin.readLogRanges([topic]))
  await readAll(context, ranges, ({ partition }, view) => {
    const { key } = view
    // Records without a key replace nothing, and nothing replaces them.
    if (key === null || (wanted !== undefined && key.toString() !== wanted)) return
    const name = key.toString('base64')
    // A key in two partitions was written when the topic had fewer partitions, or by another partitioner.
    const known = latest.get(name)
    if (known && known.partition !== partition && known.timestampMs > view.timestampMs) return
    latest.set(name, { ...toStoredRecord(view), partition, timestampMs: view.timestampMs })
  })
  return latest
}
