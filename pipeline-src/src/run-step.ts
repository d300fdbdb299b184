import { messageOf } from '@kafka-etl/common'
import type { AnyDefinition, AnyRecordStep, AnyTo, Topic } from './definition.js'
import type { Dropped, Output, Rejected } from './fate.js'
import { createMakeKey } from './key.js'
import { partitionOfKey, partitionOfSource } from './partition.js'
import { headersOfLoop, sourceOf, type Header, type StepRecord } from './record.js'
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
  /** Without those that the loop adds. */
  readonly headers: readonly Header[]
  /** When it happened, ms since 1970; undefined if the step does not say. */
  readonly eventTimeMs: number | undefined
  readonly warning: string | undefined
  /** Counts what its input makes of its topic, from 0; {@link sourceOf} tells them apart by it. */
  readonly index: number
}

/** What became of one input record: all of its outputs, or none. */
export type StepOutcome = Made | Dropped | Rejected

export type Made = {
  readonly kind: 'made'
  readonly records: readonly MadeRecord[]
  /** Why single rows of the record were dropped; absent: none were. */
  readonly dropped?: readonly string[]
  /** The record held no value: it was a header, empty lines, or the end of an update. */
  readonly isEmpty?: boolean
}

/**
 * Makes the function that takes one source's records from bytes to bytes: decode, step, encode, key, partition. It never
 * throws: a step that throws, or returns something else than a fate, rejects its record as `step_failed`. For a format
 * whose records depend on each other, and for updates, see {@link createOpenRun}.
 */
export const createRunStep = (
  definition: AnyDefinition,
  topology: Topology,
  source: Source,
): ((record: InputRecord) => StepOutcome) => {
  const format = definition.topics[source.alias]?.value
  const step = stepOf(definition, source.alias)
  if (!format || !step) throw new Error(`expected ${source.alias} to have a format and a step, found none`)
  const tools = { to: createTo(definition) }
  const judge = createJudge(definition)
  const encode = createEncode(definition, topology, source)
  return (record) => {
    const decoded = format.decode(record.value)
    if (!decoded.ok) return { kind: 'rejected', reason: decoded.reason, message: decoded.message }
    const judged = judge(() => step(withValue(record, decoded.value), tools))
    return judged.kind === 'outputs' ? encode(judged.outputs, record) : judged
  }
}

/** Field by field, which takes a fraction of what a spread does. */
export const withValue = (record: InputRecord, value: unknown): StepRecord<unknown> => ({
  value,
  key: record.key,
  headers: record.headers,
  timestampMs: record.timestampMs,
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  handledAtMs: record.handledAtMs,
})

export const stepOf = ({ steps }: AnyDefinition, alias: string): AnyRecordStep | undefined => {
  const step = steps[alias]
  return typeof step === 'function' ? step : undefined
}

export const failed = (message: string): Rejected => ({ kind: 'rejected', reason: 'step_failed', message })

/** Without a prototype: a topic may be called `constructor`. */
export const createTo = ({ topics }: AnyDefinition): AnyTo => {
  const makers = Object.keys(topics).map((alias) => {
    const make: AnyTo[string] = (value, options) => ({ kind: 'output', alias, value, options })
    return [alias, make] as const
  })
  return Object.freeze(Object.setPrototypeOf(Object.fromEntries(makers), null) as AnyTo)
}

/** What a step decided. */
export type Judged = { readonly kind: 'outputs'; readonly outputs: readonly Output[] } | Dropped | Rejected

/** Calls a step; whatever it does, a fate comes of it. */
export const createJudge =
  (definition: AnyDefinition): ((call: () => unknown) => Judged) =>
  (call) => {
    try {
      const fate = call()
      if (isRejected(fate, definition) || isDropped(fate)) return fate
      const outputs: readonly unknown[] = Array.isArray(fate) ? fate : [fate]
      if (outputs.every(isOutput)) return { kind: 'outputs', outputs }
      return failed(`expected outputs, drop or reject, got ${describe(fate)}`)
    } catch (error) {
      return failed(messageOf(error))
    }
  }

/** Makes the records of outputs that come of one input; a fault in any of them rejects the input. */
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

/** Makes one record; throws if the value or the key cannot be written. */
type MakeRecord = (output: Output, input: InputRecord, index: number) => MadeRecord

const createMakers = (
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
  const makeKey = topic.key === undefined ? undefined : createMakeKey(topic.key)
  return ({ alias, value, options }, input, index) => {
    const encoded = topic.value.encode(value, input)
    if (!encoded.ok) throw new Error(`${name}: ${encoded.message}`)
    const given = options?.key
    const made = given === undefined && value !== null ? makeKey?.(value, sourceOf(input, index)) : given
    const ownKey = asKey(made)
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

/** A step may hand all of its record's headers on; where an output comes from says the loop alone. */
const ownHeaders = (given: readonly Header[]): readonly Header[] => {
  for (const [name, value] of given as readonly (readonly [unknown, unknown])[]) {
    if (typeof name !== 'string' || !(value === null || Buffer.isBuffer(value))) {
      throw new Error(`expected headers of a name and bytes or null, got ${typeof name} and ${typeof value}`)
    }
  }
  return given.filter(([name]) => !headersOfLoop.has(name))
}

/** Undefined: the output has no key of its own. */
const asKey = (key: unknown): Buffer | null | undefined => {
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
