import { outputPartition } from '@kafka-etl/common'
import { assertNothingHangs, isGroupAtEnd } from '../support/cluster-checks.js'
import { sourceOf } from '../support/expected-records.js'
import { assertEachExactlyOnce, assertOrderedPerSource } from '../support/invariants.js'
import type { Oracle } from '../support/oracle.js'
import { headerText, type NewRecord, type TopicRecord } from '../support/oracle-records.js'
import type { ServiceCase } from '../support/service-case.js'
import { waitFor } from '../support/wait-for.js'

/** An input record from its topic, and its result: an output or a dead letter. */
export type Pair = { readonly input: TopicRecord; readonly result: TopicRecord; readonly isDeadLetter: boolean }

const isSameBytes = (one: Buffer | null, other: Buffer | null): boolean =>
  one === null || other === null ? one === other : one.equals(other)

/** When the ETL handled it: an output's `time`, or when a dead letter was rejected. */
const handledAtMsOf = (result: TopicRecord): number =>
  Number(
    headerText(result, '__etl.errors.timestamp') ??
      /"time":(\d+),"diff":1\}$/.exec(result.value?.toString() ?? '')?.[1],
  )

/** Checks the contract for every output and dead letter, whatever its value. */
const checkFrame = ({ inputs }: ServiceCase, { input, result }: Pair): void => {
  const index = inputs.findIndex(({ topic }) => topic === input.topic)
  const expected = [outputPartition(inputs.length, index, input.partition), handledAtMsOf(result)]
  const got = [result.partition, result.timestampMs]
  if (expected.join() !== got.join())
    throw new Error(
      `Expected partition and record timestamp ${expected.join()} for ${sourceOf(result)}, got ${got.join()}`,
    )
  if (!isSameBytes(input.key, result.key)) throw new Error(`Expected the key of ${sourceOf(result)}, got another`)
}

/**
 * Waits until the ETL has handled everything, and pairs each input with its result. Fails if a result is missing,
 * repeated, out of order or in a wrong partition, if its key differs from the input's, or if its timestamp is not the
 * time of handling.
 */
export const readPairs = async (oracle: Oracle, contractCase: ServiceCase): Promise<readonly Pair[]> => {
  const { inputs, outputTopic, deadLetterTopic, group } = contractCase
  const topics = inputs.map(({ topic }) => topic)
  await waitFor(() => isGroupAtEnd(oracle, group, topics), {
    what: `group ${group} to reach the end of its inputs`,
    deadlineMs: 60_000,
    everyMs: 200,
  })
  await assertNothingHangs(oracle, [outputTopic, deadLetterTopic])
  const records = (await Promise.all(topics.map((topic) => oracle.readTopic(topic)))).flat()
  const unified = await oracle.readTopic(outputTopic)
  const deadLetters = await oracle.readTopic(deadLetterTopic)
  assertEachExactlyOnce({ inputs: records, unified, deadLetters })
  assertOrderedPerSource(unified)
  assertOrderedPerSource(deadLetters)
  const results = new Map([...unified, ...deadLetters].map((result) => [sourceOf(result), result]))
  return records.map((input) => {
    const result = results.get(`${input.topic}/${input.partition}/${input.offset}`)
    if (result === undefined) throw new Error(`Expected an output for offset ${input.offset}, got none`)
    const pair = { input, result, isDeadLetter: result.topic === deadLetterTopic }
    checkFrame(contractCase, pair)
    return pair
  })
}

/** Writes the records; the broker has to accept all of them. */
export const writeAll = async (
  oracle: Oracle,
  records: readonly NewRecord[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const refused = (await oracle.write(records, { settings })).filter(({ ok }) => !ok)
  if (refused.length > 0) throw new Error(`Expected every record to be taken, got ${JSON.stringify(refused[0])}`)
}

const outputFormat =
  /^\{"timestamp":(?<timestamp>-?\d+(?:\.\d{0,2}[1-9])?),"message":(?<message>".*"),"time":(?<time>\d{13}),"diff":1\}$/s

/** The text of an output's fields; fails if they are in any other shape. */
export const readOutput = ({ result }: Pair): { timestamp: string; message: string; time: number } => {
  const text = result.value?.toString('utf8') ?? ''
  const { timestamp, message, time } = outputFormat.exec(text)?.groups ?? {}
  if (timestamp === undefined || message === undefined || time === undefined)
    throw new Error(`Expected an output of the contract's shape for ${sourceOf(result)}, got ${text.slice(0, 200)}`)
  return { timestamp, message, time: Number(time) }
}
