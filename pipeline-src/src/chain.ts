import type { AnyDefinition } from './definition.js'
import { createOpenRun, type PartitionRun } from './partition-run.js'
import { sourceOf, type Header } from './record.js'
import { makeAll, type InputRecord, type MadeRecord } from './step-outcome.js'
import { defaultNames } from './names.js'
import { namesOfTopic, planTopology } from './topology.js'
import { settleUpdate, type Handled } from './updates.js'

/** Receives the events on a record's way through its pipeline. */
export type ChainListener = {
  readonly onMade: (record: MadeRecord) => void
  readonly onDropped: (why: string) => void
  readonly onRejected: (record: InputRecord, reason: string, message: string) => void
}

/** A record that is sent to a topic. */
export type SentRecord = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
  readonly partition: number
  readonly timestampMs: number
}

/** A partition of a topic: its next offset, and the outcomes of the records of an unfinished update. */
type Place = { end: bigint; readonly run: PartitionRun | undefined; readonly pending: Handled[] }

/**
 * Runs a pipeline in memory, without a broker: each record passes all later steps before the next one is sent. Offsets
 * count from 0 in each partition.
 */
export const createChain = (
  definition: AnyDefinition,
  handledAtMs: number,
  listener: ChainListener,
): ((alias: string, record: SentRecord) => void) => {
  const topology = planTopology(definition, defaultNames(definition.name), new Map())
  const open = new Map(topology.sources.map((source) => [source.topic, createOpenRun(definition, topology, source)]))
  const places = new Map<string, Place>()

  const placeOf = (topic: string, partition: number): Place => {
    const name = `${topic}/${partition}`
    const place = places.get(name) ?? { end: 0n, run: open.get(topic)?.({}), pending: [] }
    places.set(name, place)
    return place
  }

  const append = (record: Omit<InputRecord, 'offset' | 'handledAtMs'>): void => {
    const place = placeOf(record.topic, record.partition)
    const handled = { ...record, offset: place.end++, handledAtMs }
    if (place.run) listen(place, { record: handled, outcome: makeAll(place.run.run(handled)) })
  }

  const listen = (place: Place, handled: Handled): void => {
    const { isCommit } = place.run ?? {}
    if (!isCommit) {
      tell(handled)
      return
    }
    if (!isCommit(handled.record.value)) return void place.pending.push(handled)
    settleUpdate(place.pending.splice(0), handled).forEach(tell)
  }

  const tell = ({ record, outcome }: Handled): void => {
    if (outcome.kind === 'dropped') listener.onDropped(outcome.why)
    if (outcome.kind === 'rejected') listener.onRejected(record, outcome.reason, outcome.message)
    if (outcome.kind !== 'made') return
    outcome.dropped?.forEach(listener.onDropped)
    outcome.records.forEach((made) => pass(record, made))
  }

  const pass = (input: InputRecord, made: MadeRecord): void => {
    const headers: readonly Header[] = [...made.headers, ['source', Buffer.from(sourceOf(input, made.index))]]
    listener.onMade({ ...made, headers })
    const { topic, partition, key, value } = made
    append({ topic, partition, key, value, headers, timestampMs: handledAtMs })
  }

  return (alias, record) => {
    const name = findTopicName(definition, alias)
    if (name === undefined) {
      throw new Error(`expected one of the topics ${Object.keys(definition.topics).join(', ')}, got ${alias}`)
    }
    append({ ...record, topic: name })
  }
}

/** The topic of an alias, the first one if it has several; otherwise the topic with this name. */
const findTopicName = ({ topics }: AnyDefinition, aliasOrName: string): string | undefined => {
  const topic = Object.hasOwn(topics, aliasOrName) ? topics[aliasOrName] : undefined
  if (topic) return namesOfTopic(topic)[0]
  return Object.values(topics)
    .flatMap(namesOfTopic)
    .find((name) => name === aliasOrName)
}
