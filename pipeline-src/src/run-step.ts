import { messageOf } from '@kafka-etl/common'
import type { AnyDefinition, AnyTo } from './definition.js'
import type { Dropped, Output, Rejected } from './fate.js'
import { partitionOfKey, partitionOfSource } from './partition.js'
import type { Header, StepRecord } from './record.js'
import { namesOfTopic, type Source, type Topology } from './topology.js'

/** A record of a topic that is read, as bytes. */
export type InputRecord = Omit<StepRecord<unknown>, 'value'> & { readonly value: Buffer | null }

/** A record to be written. The loop adds `source`. */
export type MadeRecord = {
  readonly alias: string
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
}

/** What became of one input record: all of its outputs, or none. */
export type StepOutcome = { readonly kind: 'made'; readonly records: readonly MadeRecord[] } | Dropped | Rejected

/**
 * Makes the function that takes one source's records from bytes to bytes: decode, step, encode, key, partition. It never
 * throws: a step that throws, or returns something else than a fate, rejects its record as `step_failed`.
 */
export const createRunStep = (
  definition: AnyDefinition,
  topology: Topology,
  source: Source,
): ((record: InputRecord) => StepOutcome) => {
  const format = definition.topics[source.alias]?.value
  const step = definition.steps[source.alias]
  if (!format || !step) throw new Error(`expected ${source.alias} to have a format and a step, found none`)
  const to = createTo(definition)
  const encode = createEncode(definition, topology, source)
  return (record) => {
    const decoded = format.decode(record.value)
    if (!decoded.ok) return { kind: 'rejected', reason: decoded.reason, message: decoded.message }
    try {
      const fate: unknown = step({ ...record, value: decoded.value }, { to })
      if (isRejected(fate, definition) || isDropped(fate)) return fate
      const outputs: readonly unknown[] = Array.isArray(fate) ? fate : [fate]
      if (!outputs.every(isOutput)) return failed(`expected outputs, drop or reject, got ${describe(fate)}`)
      return encode(outputs, record)
    } catch (error) {
      return failed(messageOf(error))
    }
  }
}

const failed = (message: string): Rejected => ({ kind: 'rejected', reason: 'step_failed', message })

/** Without a prototype: a topic may be called `constructor`. */
const createTo = ({ topics }: AnyDefinition): AnyTo => {
  const makers = Object.keys(topics).map((alias) => {
    const make: AnyTo[string] = (value, options) => ({ kind: 'output', alias, value, options })
    return [alias, make] as const
  })
  return Object.freeze(Object.setPrototypeOf(Object.fromEntries(makers), null) as AnyTo)
}

type Encode = (outputs: readonly Output[], record: InputRecord) => StepOutcome

const createEncode = (definition: AnyDefinition, topology: Topology, { index }: Source): Encode => {
  const count = topology.sources.length
  const partitionsOf = new Map(topology.topics.map(({ alias, partitions }) => [alias, partitions]))
  return (outputs, record) => {
    const records: MadeRecord[] = []
    for (const { alias, value, options } of outputs) {
      const topic = definition.topics[alias]
      const name = topic && namesOfTopic(topic)[0]
      if (!topic || name === undefined) return failed(`expected an output of one of the topics, got ${alias}`)
      const encoded = topic.value.encode(value, record)
      if (!encoded.ok) return failed(`${name}: ${encoded.message}`)
      const ownKey = keyOf(topic.key, value, options?.key)
      const partitions = partitionsOf.get(alias) ?? 1
      const partition = ownKey
        ? partitionOfKey(ownKey, partitions)
        : partitionOfSource({ index, count, partition: record.partition }, partitions)
      const key = ownKey === undefined ? record.key : ownKey
      records.push({ alias, topic: name, partition, key, value: encoded.bytes, headers: options?.headers ?? [] })
    }
    return { kind: 'made', records }
  }
}

/** Undefined: the output has no key of its own. */
const keyOf = (
  ofTopic: ((value: unknown) => string) | undefined,
  value: unknown,
  given: string | Buffer | null | undefined,
): Buffer | null | undefined => {
  const key = given === undefined && value !== null ? ofTopic?.(value) : given
  if (key === undefined || key === null || Buffer.isBuffer(key)) return key
  if (typeof key !== 'string') throw new Error(`expected a key of text, got ${typeof key}`)
  return Buffer.from(key)
}

const kindOf = (fate: unknown): unknown =>
  typeof fate === 'object' && fate !== null && 'kind' in fate ? fate.kind : undefined

const isOutput = (fate: unknown): fate is Output => kindOf(fate) === 'output'

const isDropped = (fate: unknown): fate is Dropped => kindOf(fate) === 'dropped'

const isRejected = (fate: unknown, { reasons }: AnyDefinition): fate is Rejected => {
  if (kindOf(fate) !== 'rejected') return false
  const { reason } = fate as Rejected
  if (reasons?.includes(reason) === true) return true
  throw new Error(`expected one of the reasons (${reasons?.join(', ') ?? 'none are declared'}), got ${reason}`)
}

const describe = (fate: unknown): string =>
  Array.isArray(fate) ? 'a list with something else' : fate === null ? 'null' : typeof fate
