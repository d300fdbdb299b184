import { headerNames, type LogPage, type LogRange } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import type { Flow, TopicState } from '../protocol.js'
import { showRecord } from '../records/show-record.js'
import { createLetterCounts } from './letter-counts.js'
import { createRate } from './rate.js'
import { addPage, countRecords, keepTally, type Tally } from './tally.js'

/** An output that was just written: when, and its source. */
export type SampledOutput = { readonly timestampMs: number; readonly source: string }

const pageBytes = 524_288
/** The limit for one look, over all topics. */
const lookBytes = 4_194_304
const newestBytes = 400
const sampledOutputs = 4

const keyOf = ({ topic, partition }: LogRange): string => `${topic}/${partition}`

/** Counts the records of the pipeline's topics and the dead letters by reason, and takes samples of the outputs. */
export const createTopicSampler = (flow: Flow) => {
  const tallies = new Map<string, Tally>()
  const rates = new Map<string, ReturnType<typeof createRate>>()
  const newest = new Map<string, string>()
  const letters = createLetterCounts()
  const ends = findEnds(flow)
  let outputs: SampledOutput[] = []

  const visit = async (log: LogRange, page: LogPage): Promise<void> => {
    const isLetters = log.topic === flow.deadLetterTopic
    const isEnd = ends.has(log.topic)
    for await (const { records } of page.fetched.chunks(newestBytes)) {
      for (const record of records) {
        if (isLetters) letters.add(record.header(headerNames.errorReason)?.toString())
        const source = isEnd ? record.header(headerNames.source)?.toString() : undefined
        if (source !== undefined) outputs.push({ timestampMs: record.timestampMs, source })
        newest.set(log.topic, showRecord(log, record, { maxBytes: newestBytes }).value.text)
      }
    }
    outputs = outputs.slice(-sampledOutputs)
  }

  const read = async (reader: KafkaReader, logs: readonly LogRange[]): Promise<void> => {
    let bytesLeft = lookBytes
    let waiting = logs
    while (waiting.length > 0 && bytesLeft > 0) {
      const more: LogRange[] = []
      for (const log of waiting) {
        const tally = tallies.get(keyOf(log))
        if (!tally || tally.next >= log.stableEnd) continue
        const page = await reader.readPage({ ...log, offset: tally.next, maxBytes: pageBytes })
        const counted = addPage(tally, page)
        tallies.set(keyOf(log), counted)
        bytesLeft -= page.bytes
        const isLast = counted.next >= log.stableEnd || bytesLeft <= 0
        if (isLast || log.topic === flow.deadLetterTopic) await visit(log, page)
        if (!isLast && page.nextOffset > tally.next) more.push(log)
        if (bytesLeft <= 0) return
      }
      waiting = more
    }
  }

  return {
    look: async (reader: KafkaReader, logs: readonly LogRange[]): Promise<void> => {
      for (const log of logs) {
        const known = tallies.get(keyOf(log))
        const kept = keepTally(known, log)
        if (known && kept.counter !== known.counter && log.topic === flow.deadLetterTopic) letters.clear()
        tallies.set(keyOf(log), kept)
      }
      await read(reader, logs)
    },
    tallyOf: (log: LogRange): Tally | undefined => tallies.get(keyOf(log)),
    letters: letters.read,
    /** A few of the outputs since the previous call. */
    takeOutputs: (): readonly SampledOutput[] => outputs.splice(0),
    describe: (logs: readonly LogRange[], atMs: number): readonly TopicState[] =>
      [...new Set(logs.map(({ topic }) => topic))].map((name) => {
        const counts = logs.filter(({ topic }) => topic === name).map((log) => countLog(tallies.get(keyOf(log)), log))
        const records = counts.reduce((sum, count) => sum + count.records, 0)
        const rate = rates.get(name) ?? createRate()
        rates.set(name, rate)
        rate.add(atMs, records)
        return {
          name,
          records,
          isExact: counts.every(({ isExact }) => isExact),
          rate: rate.perSecond(),
          partitions: counts.length,
          newest: newest.get(name),
        }
      }),
  }
}

export type TopicSampler = ReturnType<typeof createTopicSampler>

const countLog = (tally: Tally | undefined, log: LogRange): ReturnType<typeof countRecords> =>
  tally ? countRecords(tally, log) : { records: 0, isExact: false }

/** Where records end up: the topics that become results, or else those that no step reads. */
const findEnds = ({ topics }: Flow): ReadonlySet<string> => {
  const results = topics.filter(({ resultFile }) => resultFile !== undefined)
  const written = topics.filter(({ isWritten, isRead }) => isWritten && !isRead)
  return new Set((results.length > 0 ? results : written).map(({ name }) => name))
}
