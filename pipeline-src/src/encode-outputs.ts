import { messageOf } from '@kafka-etl/common'
import type { AnyDefinition, Topic } from './definition.js'
import type { Output, Rejected } from './fate.js'
import { createEncodeKey, makeKeyOf } from './key-format.js'
import { partitionOfKey, partitionOfSource } from './partition.js'
import { headersOfLoop, sourceOf, type Header } from './record.js'
import { failed, type InputRecord, type Made, type MadeRecord } from './step-outcome.js'
import { namesOfTopic, type Source, type Topology } from './topology.js'

/** Encodes the outputs of one input. A fault in any of them rejects the input. */
export type Encode = (outputs: readonly Output[], record: InputRecord) => Made | Rejected

export const createEncode = (definition: AnyDefinition, topology: Topology, source: Source): Encode => {
  const makers = createMakers(definition, topology, source)
  return (outputs, record) => {
    const records: MadeRecord[] = []
    const counts = new Map<string, number>()
    try {
      for (const output of outputs) {
        const make = makers.get(output.alias)
        if (!make) return failed(`expected an output of one of the topics, got ${output.alias}`)
        const index = counts.get(output.alias) ?? 0
        counts.set(output.alias, index + 1)
        records.push(make(output, record, index))
      }
      return { kind: 'made', records }
    } catch (error) {
      return failed(messageOf(error))
    }
  }
}

/** Creates one record. Throws if the value or the key cannot be encoded. */
export type MakeRecord = (output: Output, input: InputRecord, index: number) => MadeRecord

export const createMakers = (
  definition: AnyDefinition,
  topology: Topology,
  source: Source,
): ReadonlyMap<string, MakeRecord> => {
  const partitionsOf = new Map(topology.topics.map(({ alias, partitions }) => [alias, partitions]))
  return new Map(
    Object.entries(definition.topics).map(([alias, topic]) => {
      const from = { index: source.index, count: topology.sources.length }
      return [alias, createMakeRecord(topic, partitionsOf.get(alias) ?? 1, from)]
    }),
  )
}

const createMakeRecord = (
  topic: Topic<unknown>,
  partitions: number,
  from: { readonly index: number; readonly count: number },
): MakeRecord => {
  const [name = ''] = namesOfTopic(topic)
  const makeKey = makeKeyOf(topic)
  const encodeKey = createEncodeKey(topic)
  return ({ alias, value, options }, input, index) => {
    const encoded = topic.value.encode(value, input)
    if (!encoded.ok) throw new Error(`${name}: ${encoded.message}`)
    const given = options?.key
    const made = given === undefined && value !== null ? makeKey?.(value, sourceOf(input, index)) : given
    const ownKey = encodeKey(made)
    const partition = ownKey
      ? partitionOfKey(ownKey, partitions)
      : partitionOfSource({ ...from, partition: input.partition }, partitions)
    const key = ownKey === undefined ? input.key : ownKey
    return {
      alias,
      topic: name,
      partition,
      key,
      value: encoded.bytes,
      headers: options?.headers ? ownHeaders(options.headers) : noHeaders,
      eventTimeMs: options?.eventTimeMs,
      warning: options?.warning,
      index,
    }
  }
}

const noHeaders: readonly Header[] = []

/**
 * Checks the headers of a step, which may pass on all headers of its record. Drops those that only the ETL sets, such
 * as the source.
 */
const ownHeaders = (given: readonly Header[]): readonly Header[] => {
  for (const [name, value] of given as readonly (readonly [unknown, unknown])[]) {
    if (typeof name !== 'string' || !(value === null || Buffer.isBuffer(value))) {
      throw new Error(`expected headers of a name and bytes or null, got ${typeof name} and ${typeof value}`)
    }
  }
  return given.filter(([name]) => !headersOfLoop.has(name))
}
