import { listRoutes, listSources, namesOfTopic, type AnyDefinition } from '@kafka-etl/pipeline'
import type { PipelineRun } from '@kafka-etl/pipeline/testing'
import { assertSameMultiset } from './invariants.js'
import type { Oracle } from './oracle.js'
import { headerText, type TopicRecord } from './oracle-records.js'

export type ComparisonOptions = {
  readonly oracle: Oracle
  readonly definition: AnyDefinition
  readonly deadLetterTopic: string
  /** A run of `testPipeline` to which nothing was sent yet. */
  readonly run: PipelineRun
  /** The ends of existing records, by `topic/partition`; these take no part in the comparison. */
  readonly before?: ReadonlyMap<string, bigint>
  /** What to send to the driver for a record; by default its bytes. */
  readonly toSent?: (record: TopicRecord) => unknown
}

/**
 * Sends the records of the inputs to the driver, and compares its results with the outputs and dead letters: topics,
 * partitions, keys, values, headers and sources. Offsets and times of handling naturally differ.
 */
export const assertSameAsDriver = async (options: ComparisonOptions): Promise<void> => {
  const { oracle, definition, deadLetterTopic, run, before = new Map<string, bigint>(), toSent = bytesOf } = options
  const inputs = await sendInputs(options, toSent)
  const blank = createBlank(definition)
  const isNew = (record: TopicRecord): boolean => {
    const [topic, partition, offset = '0'] = (headerText(record, 'source') ?? '').split('/')
    return BigInt(offset) >= (before.get(`${topic}/${partition}`) ?? 0n)
  }
  for (const alias of new Set(listRoutes(definition).map(({ to }) => to))) {
    const topic = definition.topics[alias]
    const [name = ''] = topic ? namesOfTopic(topic) : []
    const written = (await oracle.readTopic(name)).filter(isNew)
    const got = written.map(({ partition, key, value, headers }) => {
      const decoded = topic?.value.decode(value)
      return describe({
        partition,
        key: key?.toString() ?? null,
        value: decoded?.ok ? decoded.value : null,
        headers: Object.fromEntries(headers.map((header) => [header.name, header.value?.toString() ?? ''])),
      })
    })
    assertSameMultiset(name, run.outputs(alias).map(describe).map(blank), got.map(blank))
  }
  const letters = (await oracle.readTopic(deadLetterTopic)).filter(isNew)
  assertSameMultiset(
    deadLetterTopic,
    run.deadLetters().map(({ reason, message }) => `${reason}: ${message}`),
    letters.map(
      (letter) => `${headerText(letter, '__etl.errors.reason')}: ${headerText(letter, '__etl.errors.message')}`,
    ),
  )
  if (inputs === 0) throw new Error('Expected records in the inputs, found none')
}

const bytesOf = ({ value }: TopicRecord): Buffer | null => value

/** Sends in the order of each partition; returns the number of records. */
const sendInputs = async (
  { oracle, definition, run, before = new Map<string, bigint>() }: ComparisonOptions,
  toSent: (record: TopicRecord) => unknown,
): Promise<number> => {
  const written = new Set(listRoutes(definition).map(({ to }) => to))
  let count = 0
  for (const { alias, topic } of listSources(definition)) {
    if (written.has(alias)) continue
    const isOne = typeof definition.topics[alias]?.name === 'string'
    for (const record of await oracle.readTopic(topic)) {
      const { partition, offset, key, headers, timestampMs } = record
      if (offset < (before.get(`${topic}/${partition}`) ?? 0n)) continue
      const headerPairs = headers.map(({ name, value }) => [name, value] as const)
      // By its alias, whose format accepts values other than bytes; an alias of several topics is ambiguous.
      run.send(isOne ? alias : topic, toSent(record), { key, headers: headerPairs, partition, timestampMs })
      count++
    }
  }
  return count
}

const describe = (output: {
  readonly partition: number
  readonly key: string | null
  readonly value: unknown
  readonly headers: Readonly<Record<string, string>>
}): string => JSON.stringify([output.partition, output.key, output.value, Object.entries(output.headers)])

/** Blanks offsets after a topic's name and partition, and the time of handling. */
const createBlank = (definition: AnyDefinition): ((text: string) => string) => {
  const sources = listSources(definition).map(({ topic }) => topic)
  const source = new RegExp(`\\b(${sources.join('|')})/(\\d+)/\\d+`, 'g')
  return (text) => text.replace(source, '$1/$2/…').replace(/"time":\d+/g, '"time":…')
}
