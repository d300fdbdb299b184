import { messageOf, withDeadline, type Address, type Clock } from '@kafka-etl/common'
import { explainKafkaError } from '@kafka-etl/kafka'
import { askEngine, type FlinkReader } from '../engine/find-jobs.js'
import type { KafkaLink, KafkaReader } from '../kafka-link.js'
import type { EngineState, Flow, HistoryPoint, LiveState, PartState } from '../protocol.js'
import { placeOf } from '../records/trace-record.js'
import type { RecordReader } from '../records/record-reader.js'
import { createDelays } from './delays.js'
import { askGroup } from './group.js'
import { createHistory } from './history.js'
import { askParts } from './parts.js'
import { createTopicSampler, type SampledOutput } from './topic-sampler.js'

export type SamplerOptions = {
  readonly link: KafkaLink
  readonly flow: Flow
  readonly services: readonly Address[]
  /** Undefined: this stack has no engine. */
  readonly flink: FlinkReader | undefined
  readonly records: Pick<RecordReader, 'readRecord'>
  readonly clock: Clock
}

/** The result of one look, with a point for the history if it is time for one. */
export type Look = { readonly state: LiveState; readonly point: HistoryPoint | undefined }

const lookMs = 10_000
const pointMs = 2_000
const partsMs = 2_000
const mostSteps = 8

/** Looks at the stack repeatedly, and keeps what the page shows. */
export const createSampler = ({ link, flow, services, flink, records, clock }: SamplerOptions) => {
  let topics = createTopicSampler(flow)
  const history = createHistory()
  const delays = createDelays()
  let parts: readonly PartState[] = []
  let engine: EngineState
  let partsAtMs = -partsMs
  let pointAtMs = -pointMs
  let state: LiveState = {
    atMs: clock.epochMs(),
    kafka: { ok: false, reason: 'not asked yet' },
    topics: [],
    missing: [],
    group: undefined,
    parts,
    engine,
    letters: { total: 0, byReason: {} },
    delays: undefined,
  }

  const readKafka = async (): Promise<LiveState> => {
    const reader = await link.reader()
    const names = [...flow.topics.map(({ name }) => name), flow.deadLetterTopic]
    const present = new Set((await reader.describeTopics(names)).map(({ topic }) => topic))
    const logs = await reader.readLogRanges(names.filter((name) => present.has(name)))
    await topics.look(reader, logs)
    const read = new Set(flow.topics.filter(({ isRead }) => isRead).map(({ name }) => name))
    const nowMs = clock.epochMs()
    const group = await askGroup(reader, topics, {
      groupId: flow.groupId,
      logs: logs.filter(({ topic }) => read.has(topic)),
      nowMs,
    })
    for (const output of topics.takeOutputs()) await measureDelay(reader, output)
    return {
      ...state,
      atMs: nowMs,
      kafka: { ok: true },
      topics: topics.describe(logs, clock.monotonicMs()),
      missing: names.filter((name) => !present.has(name)),
      group,
      letters: topics.letters(),
      delays: delays.read(clock.monotonicMs()),
    }
  }

  const measureDelay = async (reader: KafkaReader, { timestampMs, source }: SampledOutput): Promise<void> => {
    let beganMs: number | undefined
    let place = placeOf(source)
    for (let step = 0; place && step < mostSteps; step++) {
      const record = await records.readRecord(reader, place).catch(() => undefined)
      if (!record) break
      beganMs = record.timestampMs
      place = placeOf(record.source)
    }
    if (beganMs !== undefined && beganMs >= 0) delays.add(clock.monotonicMs(), Math.max(0, timestampMs - beganMs))
  }

  const lookAtParts = async (): Promise<void> => {
    if (clock.monotonicMs() - partsAtMs < partsMs) return
    partsAtMs = clock.monotonicMs()
    ;[parts, engine] = await Promise.all([askParts(services), askEngine(flink, clock.epochMs())])
  }

  return {
    /** Takes one look. Never rejects: the page also shows that nobody answers. */
    look: async (): Promise<Look> => {
      const asked = lookAtParts()
      const reading = { isSettled: false }
      try {
        const read = readKafka().finally(() => {
          reading.isSettled = true
        })
        state = await withDeadline(read, lookMs, 'an answer of Kafka')
      } catch (error) {
        // A response that is still pending must not count into a later look.
        if (!reading.isSettled) topics = createTopicSampler(flow)
        const reason = messageOf(explainKafkaError(error))
        state = { ...state, atMs: clock.epochMs(), kafka: { ok: false, reason } }
        void link.drop()
      }
      await asked
      state = { ...state, parts, engine }
      if (!state.kafka.ok || clock.monotonicMs() - pointAtMs < pointMs) return { state, point: undefined }
      pointAtMs = clock.monotonicMs()
      const point = toPoint(state)
      history.add(point)
      return { state, point }
    },
    state: (): LiveState => state,
    history: history.read,
  }
}

export type Sampler = ReturnType<typeof createSampler>

export const toPoint = ({ atMs, topics, group, delays, letters }: LiveState): HistoryPoint => ({
  atMs,
  values: {
    ...Object.fromEntries(topics.map(({ name, rate }) => [`rate:${name}`, rate])),
    ...(group
      ? { lag: Object.values(group.lag).reduce((sum, lag) => sum + lag, 0), lagSeconds: group.lagSeconds }
      : {}),
    ...(delays ? { p50: delays.p50Ms, p99: delays.p99Ms } : {}),
    ...Object.fromEntries(Object.entries(letters.byReason).map(([reason, count]) => [`reason:${reason}`, count])),
  },
})
