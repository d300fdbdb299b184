import type { AnyDefinition } from './definition.js'
import type { Header } from './record.js'
import { createRunStep, type InputRecord, type MadeRecord } from './run-step.js'
import { defaultNames } from './names.js'
import { namesOfTopic, planTopology } from './topology.js'

/** What happens on the way of a record through its pipeline. */
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

/**
 * Runs a pipeline in memory, without a broker: each record goes through all steps behind it before the next is sent.
 * Offsets count from 0 in each partition.
 */
export const createChain = (
  definition: AnyDefinition,
  handledAtMs: number,
  listener: ChainListener,
): ((alias: string, record: SentRecord) => void) => {
  const topology = planTopology(definition, defaultNames(definition.name), new Map())
  const steps = new Map(topology.sources.map((source) => [source.topic, createRunStep(definition, topology, source)]))
  const ends = new Map<string, bigint>()

  const append = (topic: string, partition: number): bigint => {
    const place = `${topic}/${partition}`
    const offset = ends.get(place) ?? 0n
    ends.set(place, offset + 1n)
    return offset
  }

  const handle = (record: InputRecord): void => {
    const outcome = steps.get(record.topic)?.(record)
    if (outcome?.kind === 'dropped') listener.onDropped(outcome.why)
    if (outcome?.kind === 'rejected') listener.onRejected(record, outcome.reason, outcome.message)
    if (outcome?.kind === 'made') outcome.records.forEach((made) => pass(record, made))
  }

  const pass = ({ topic, partition, offset }: InputRecord, made: MadeRecord): void => {
    const headers: readonly Header[] = [...made.headers, ['source', Buffer.from(`${topic}/${partition}/${offset}`)]]
    listener.onMade({ ...made, headers })
    const { topic: output, partition: at, key, value } = made
    const next = append(output, at)
    handle({ topic: output, partition: at, offset: next, key, value, headers, timestampMs: handledAtMs, handledAtMs })
  }

  return (alias, record) => {
    const name = findTopicName(definition, alias)
    if (name === undefined) {
      throw new Error(`expected one of the topics ${Object.keys(definition.topics).join(', ')}, got ${alias}`)
    }
    handle({ ...record, topic: name, offset: append(name, record.partition), handledAtMs })
  }
}

/** The topic of an alias, its first one if it has several; or the topic of that very name. */
const findTopicName = ({ topics }: AnyDefinition, aliasOrName: string): string | undefined => {
  const topic = Object.hasOwn(topics, aliasOrName) ? topics[aliasOrName] : undefined
  if (topic) return namesOfTopic(topic)[0]
  return Object.values(topics)
    .flatMap(namesOfTopic)
    .find((name) => name === aliasOrName)
}
