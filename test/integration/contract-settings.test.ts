import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { headerText, type NewRecord } from '../support/oracle-records.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { createCase, newYork, type ServiceCase } from '../support/service-case.js'
import { readOutput, readPairs, writeAll, type Pair } from './contract-case.js'

type LocalTime = {
  readonly zone: string
  readonly date: string
  readonly kind: 'once' | 'ambiguous' | 'skipped'
  readonly earlier: string
  readonly later: string
}

/** The answers of Python's zoneinfo for local times around the clock changes of 2024, each once. */
const localTimes = [
  ...new Map(
    (
      JSON.parse(
        readFileSync(join(__dirname, '../../pipelines/timestamps/golden/local-times.json'), 'utf8'),
      ) as readonly LocalTime[]
    )
      .filter(({ date }) => date.startsWith('2024'))
      .map((golden) => [golden.zone + golden.date, golden]),
  ).values(),
]

withSharedBroker('settings of the ETL', {}, (site) => {
  type Environment = Readonly<Record<string, string>>

  const start = ({ environment }: ServiceCase, own: Environment = {}): Promise<ServiceProcess> =>
    startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment: { ...environment, ...own } })

  const handle = async (
    contractCase: ServiceCase,
    records: readonly NewRecord[],
    own: Environment,
  ): Promise<readonly Pair[]> => {
    await site.oracle.createTopics(contractCase.inputs.map(({ topic }) => ({ name: topic, partitionCount: 1 })))
    await writeAll(site.oracle, records)
    const etl = await start(contractCase, own)
    const pairs = await readPairs(site.oracle, contractCase)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    return pairs
  }

  /** The timestamp of each output and the reason of each dead letter, by topic and value. */
  const resultsOf = (pairs: readonly Pair[]): ReadonlyMap<string, string | undefined> =>
    new Map(
      pairs.map((pair) => [
        pair.input.topic + (pair.input.value?.toString() ?? ''),
        pair.isDeadLetter ? headerText(pair.result, '__etl.errors.reason') : readOutput(pair).timestamp,
      ]),
    )

  it.each(['earlier', 'later', 'reject'] as const)(
    'ETL_LOCAL_TIME=%s decides on local times of 2024',
    async (policy) => {
      const reasons = { once: undefined, ambiguous: 'local_time_ambiguous', skipped: 'local_time_skipped' }
      const contractCase = createCase(`local-${policy}`)
      const cases = localTimes.map((golden) => ({
        topic: contractCase.inputs.find(({ zone }) => zone === golden.zone)?.topic ?? '',
        value: JSON.stringify({ date: golden.date, message: 'local' }),
        result: policy === 'reject' ? (reasons[golden.kind] ?? golden.earlier) : golden[policy],
      }))
      expect(new Set(localTimes.map(({ kind }) => kind)).size).toBe(3)
      const results = resultsOf(await handle(contractCase, cases, { ETL_LOCAL_TIME: policy, ETL_ZONE_CHECK: 'reject' }))
      expect(cases.filter(({ topic, value, result }) => results.get(topic + value) !== result)).toEqual([])
    },
    60_000,
  )

  it.each(['off', 'warn', 'reject'] as const)(
    'ETL_ZONE_CHECK=%s decides on offsets of another zone',
    async (check) => {
      const contractCase = createCase(`zone-${check}`)
      const topic = contractCase.inputs[0]?.topic ?? ''
      // Until 2024-03-10 02:00, New York was at -0500, from 03:00 on at -0400.
      const own = ['2024-03-10 01:59:59.999999 -0500', '2024-03-10 03:00:00.000000 -0400']
      const foreign = [
        '2024-03-10 01:59:59.999999 -0400',
        '2024-03-10 03:00:00.000000 -0500',
        '2024-03-10 08:00:00.000000 +0100',
      ]
      const records = [...own, ...foreign].map((date) => ({ topic, value: JSON.stringify({ date, message: 'm' }) }))
      const contract = await site.oracle.eventTimes([...own, ...foreign])
      await site.oracle.createTopics(contractCase.inputs.map((input) => ({ name: input.topic, partitionCount: 1 })))
      await writeAll(site.oracle, records)
      const etl = await start(contractCase, { ETL_ZONE_CHECK: check })
      const results = resultsOf(await readPairs(site.oracle, contractCase))
      const got = records.map(({ value }) => results.get(topic + value))
      expect(got).toEqual(
        check === 'reject' ? [...contract.slice(0, 2), ...foreign.map(() => 'zone_mismatch')] : contract,
      )
      if (check === 'warn') {
        await etl.waitForLine(/zone_mismatch: 3/)
        expect(await etl.metric('etl_records_warned_total')).toBe(3)
      } else if (check === 'off') {
        expect(await etl.metric('etl_records_warned_total')).toBe(0)
      } else {
        expect(await etl.metric('etl_records_rejected_total')).toBe(3)
      }
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    },
    60_000,
  )

  it('go by topics that stand already, with more partitions than needed, and leave them so', async () => {
    const contractCase = createCase('standing')
    const [first = '', second = ''] = contractCase.inputs.map(({ topic }) => topic)
    const { outputTopic, deadLetterTopic } = contractCase
    const counts = { [first]: 3, [second]: 2, [outputTopic]: 9, [deadLetterTopic]: 2 }
    await site.oracle.createTopics(Object.entries(counts).map(([name, partitionCount]) => ({ name, partitionCount })))
    await writeAll(site.oracle, logsOf(first, 3, 300).concat(logsOf(second, 2, 300)))
    const etl = await start(contractCase)
    expect(await readPairs(site.oracle, contractCase)).toHaveLength(600)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    expect(await site.oracle.offsets(outputTopic)).toHaveLength(9)
    // Input partition 2 of the first of two topics: 2 * 2 + 0.
    expect(await site.oracle.offsets(deadLetterTopic)).toHaveLength(5)
  }, 60_000)

  it('follow a topic that grows while the ETL runs, and grow the outputs with it', async () => {
    const contractCase = createCase('growing', [newYork])
    const [topic = ''] = contractCase.inputs.map((input) => input.topic)
    const etl = await start(contractCase)
    await etl.waitForHttp('/ready', 200)
    await writeAll(site.oracle, logsOf(topic, 1, 100))
    await readPairs(site.oracle, contractCase)
    await site.oracle.growTopic(topic, 4)
    await writeAll(site.oracle, logsOf(topic, 4, 400))
    expect(await readPairs(site.oracle, contractCase)).toHaveLength(500)
    expect(await site.oracle.offsets(contractCase.outputTopic)).toHaveLength(4)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 90_000)

  it('share the partitions among the instances of a group', async () => {
    const contractCase = createCase('shared')
    await site.oracle.createTopics(contractCase.inputs.map(({ topic }) => ({ name: topic, partitionCount: 4 })))
    const instances = await Promise.all([start(contractCase), start(contractCase)])
    const countAssigned = ({ lines }: ServiceProcess): number =>
      Object.values(lines.findLast(({ assignment }) => assignment !== undefined)?.assignment ?? {}).flat().length
    await waitFor(() => instances.every((instance) => countAssigned(instance) === 4), { what: 'four partitions each' })
    const logs = contractCase.inputs.flatMap(({ topic }) => logsOf(topic, 4, 1_000))
    await writeAll(site.oracle, logs.slice(0, 1_000))
    await readPairs(site.oracle, contractCase)
    expect(await instances[0].terminate()).toEqual({ code: 0, signal: null })
    await writeAll(site.oracle, logs.slice(1_000))
    expect(await readPairs(site.oracle, contractCase)).toHaveLength(2_000)
    expect(await instances[1].terminate()).toEqual({ code: 0, signal: null })
  }, 90_000)
})

/** Alternating good and bad logs over the partitions of a topic. */
const logsOf = (topic: string, partitionCount: number, count: number): NewRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    topic,
    partition: index % partitionCount,
    value: index % 10 === 9 ? `bad ${index}` : `{"date":"2024-02-05 10:01:52.884548","message":"${index}"}`,
  }))
