import { parseSource, type LogRange, type SourceCoordinates } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import type { Flow, ShownRecord, Trace } from '../protocol.js'
import { findBySource, type FindNext } from './find-by-source.js'
import { readStretch } from './read-stretch.js'
import type { RecordReader } from './record-reader.js'
import { showRecord } from './show-record.js'

const mostSteps = 8
const mostPartitions = 32
const mostOutcomes = 50
const probedBytes = 262_144

/** Where a record came from, and what was derived from it, by the `source` headers. */
export const traceRecord = async (
  reader: KafkaReader,
  records: RecordReader,
  flow: Flow,
  record: ShownRecord,
): Promise<Trace> => {
  const place: SourceCoordinates = { ...record, offset: BigInt(record.offset) }
  const targets = [
    ...flow.routes.filter(({ from }) => from === record.topic).map(({ to }) => to),
    ...(flow.topics.some(({ name, isRead }) => isRead && name === record.topic) ? [flow.deadLetterTopic] : []),
  ]
  const outcome: ShownRecord[] = []
  const without: string[] = []
  for (const topic of new Set(targets)) {
    const found = await findOutputs(reader, topic, place, mostOutcomes - outcome.length)
    outcome.push(...found)
    if (found.length === 0) without.push(topic)
  }
  return { origin: [...(await readAncestors(reader, records, record)), record], outcome, without }
}

const readAncestors = async (
  reader: KafkaReader,
  records: RecordReader,
  record: ShownRecord,
): Promise<readonly ShownRecord[]> => {
  const ancestors: ShownRecord[] = []
  for (let source = placeOf(record.source); source && ancestors.length < mostSteps;) {
    const parent = await records.readRecord(reader, source).catch(() => undefined)
    if (!parent) break
    ancestors.unshift(parent)
    source = placeOf(parent.source)
  }
  return ancestors
}

/** The first three parts of `topic/partition/offset/1`. */
export const placeOf = (source: string | undefined): SourceCoordinates | undefined =>
  source === undefined ? undefined : parseSource(source.split('/').slice(0, 3).join('/'))

const findOutputs = async (
  reader: KafkaReader,
  topic: string,
  input: SourceCoordinates,
  most: number,
): Promise<readonly ShownRecord[]> => {
  const logs = await reader.readLogRanges([topic]).catch((): readonly LogRange[] => [])
  const found: ShownRecord[] = []
  for (const log of logs.slice(0, mostPartitions)) {
    const findNext = createFindNext(reader, log, input)
    const at = await findBySource(findNext, { from: log.start, to: log.stableEnd }, input.offset)
    if (at === undefined || found.length >= most) continue
    await readStretch(
      reader,
      { ...log, from: at, to: log.stableEnd },
      {
        maxBytes: probedBytes,
        onRecord: (view) => {
          const record = showRecord(log, view, { maxBytes: 2_048 })
          const source = placeOf(record.source)
          const isOfInput = source?.topic === input.topic && source.partition === input.partition
          if (isOfInput && source.offset === input.offset) found.push(record)
          return found.length < most && !(isOfInput && source.offset > input.offset)
        },
      },
    )
  }
  return found
}

const createFindNext =
  (reader: KafkaReader, log: LogRange, { topic, partition }: SourceCoordinates): FindNext =>
  async (from) => {
    let sighting: Awaited<ReturnType<FindNext>>
    await readStretch(
      reader,
      { ...log, from, to: log.stableEnd },
      {
        maxBytes: probedBytes,
        onRecord: (view) => {
          const source = placeOf(view.header('source')?.toString())
          if (source?.topic !== topic || source.partition !== partition) return true
          sighting = { at: view.offset, sourceOffset: source.offset }
          return false
        },
      },
    )
    return sighting
  }
