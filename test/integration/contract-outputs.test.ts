import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from '@jest/globals'
import { sourceOf } from '../support/expected-records.js'
import type { NewRecord } from '../support/oracle-records.js'
import type { Oracle } from '../support/oracle.js'
import { assertResultsMatch } from '../support/results-csv.js'
import { startServiceProcess } from '../support/service-process.js'
import { createCase, newYork, paris } from '../support/service-case.js'
import { withSharedBroker } from '../support/site.js'
import { readOutput, readPairs, writeAll, type Pair } from './contract-case.js'

type Golden = { readonly zone: string; readonly date: string; readonly timestamp: string }
const golden = JSON.parse(
  readFileSync(join(__dirname, '../../pipelines/timestamps/golden/instants.json'), 'utf8'),
) as readonly Golden[]

const contractCase = createCase('outputs', [newYork, paris, 'Asia/Kathmandu'])
const partitionCounts = [2, 3, 1]

/** A log, and its expected output. */
type Log = NewRecord & { readonly timestamp: string; readonly message: string }

const plainDate = '2024-02-05 10:01:52.884548 -0500'
const plain = { timestamp: '1707145312884.548' }

/** Every value here is the log of {@link plainDate}, each in a different spelling. */
const spellings: readonly (readonly [string, string])[] = [
  [`{"date":"${plainDate}","message":"plain"}`, 'plain'],
  [` {\n"message" :"spaced",\t"date": "${plainDate}" }\r\n`, 'spaced'],
  [`{"date":"${plainDate}","message":"","level":9,"tags":[1,{"date":1}]}`, ''],
  [`{"date":"x","message":"last","date":"${plainDate}"}`, 'last'],
  [`{"\\u0064ate":"2024\\u002d02-05 10:01:52.884548 -0500","message":"\\u0065scaped \\/"}`, 'escaped /'],
  [`{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"date":"${plainDate}","message":"p"}`, 'p'],
  [
    `{"date":"${plainDate}","message":"quote \\" backslash \\\\ newline \\n NUL \\u0000 DEL \\u007f"}`,
    'quote " backslash \\ newline \n NUL \0 DEL \x7f',
  ],
  [`{"date":"${plainDate}","message":"=1+1,\\t\\r\\n;\\"x\\""}`, '=1+1,\t\r\n;"x"'],
  [`{"date":"${plainDate}","message":"日本 🗼 é \\ud83d\\uddfc \u2028"}`, '日本 🗼 é 🗼 \u2028'],
  [`{"date":"${plainDate}","message":"${'x'.repeat(900_000)}"}`, 'x'.repeat(900_000)],
]

const digitPatterns = ['000000', '100000', '120000', '123000', '123400', '123450', '123456', '000001', '000010'].concat(
  ['000100', '001000', '010000', '999999', '000999', '999000', '100001', '050505', '500500'],
)

/** Offsets that the zone does not have: they apply nevertheless, with a warning. */
const offsets = ['+0000', '-0000', '+1800', '-1800', '+0545', '-0330']
/** Offsets that java.time does not support. */
const oddOffsets = [
  { zone: newYork, date: '2024-06-01 12:00:00.000010 +2359', timestamp: '1717156860000.01' },
  { zone: newYork, date: '2024-06-01 12:00:00.000010 -2359', timestamp: '1717329540000.01' },
  { zone: paris, date: '1900-01-01 00:09:21.000001 +000921', timestamp: '-2208988799999.999' },
]
const instants = [
  '0001-01-01 00:00:00.000000 +0000',
  '9999-12-31 23:59:59.999999 +0000',
  '1969-12-31 23:59:59.999999 +0000',
].concat(['1970-01-01 00:00:00.000000 +0000', '1969-12-31 23:59:59.999000 +0000', '2262-04-11 23:47:16.854776 +0000'])

/** Kafka 4 rejects records from the future in topics without this setting. */
const anyTimestamp = { 'message.timestamp.after.max.ms': '9223372036854775807' }

const createLogs = async (oracle: Oracle): Promise<readonly Log[]> => {
  const dates = [...digitPatterns.map((digits) => `2024-02-05 10:01:52.${digits} -0500`), ...instants].concat(
    offsets.map((offset) => `2024-06-01 12:00:00.000010 ${offset}`),
  )
  const times = await oracle.eventTimes(dates)
  const logs = [
    ...golden.map(({ zone, date, timestamp }) => ({ zone, date, timestamp })),
    ...dates.map((date, index) => ({ zone: newYork, date, timestamp: times[index] ?? 'java.time found no date' })),
    ...oddOffsets,
  ].map(({ zone, date, timestamp }, index) => ({
    topicIndex: zone === newYork ? 0 : 1,
    value: JSON.stringify({ date, message: String(index) }),
    timestamp,
    message: String(index),
  }))
  const spelt = spellings.map(([value, message], index) => ({ topicIndex: index % 3, value, message, ...plain }))
  return [...logs, ...spelt].map(({ topicIndex, ...log }, index) => ({
    ...log,
    topic: contractCase.inputs[topicIndex]?.topic ?? '',
    partition: index % (partitionCounts[topicIndex] ?? 1),
    key: [null, `key-${index}`, Buffer.alloc(4), Buffer.from([0xff, 0x00]), ''][index % 5] ?? null,
    timestampMs: [1_700_000_000_000, 0, 1_500_000_000_123, 1_800_000_000_000][index % 4] ?? 0,
    headers: index % 7 === 0 ? [{ name: 'trace', value: 'not the output’s' }] : [],
  }))
}

withSharedBroker('logs that somebody else has written', {}, (site) => {
  let logs: readonly Log[]
  let pairs: readonly Pair[]
  const startedMs = Date.now()
  beforeAll(async () => {
    const { kafka, oracle } = site
    await oracle.createTopics(
      contractCase.inputs.map(({ topic }, index) => ({
        name: topic,
        partitionCount: partitionCounts[index] ?? 1,
        settings: anyTimestamp,
      })),
    )
    logs = await createLogs(oracle)
    await writeAll(oracle, logs)
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: kafka.bootstrap,
      environment: contractCase.environment,
    })
    pairs = await readPairs(oracle, contractCase)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 240_000)

  it('come out with the very timestamp and message, byte by byte', () => {
    expect(pairs).toHaveLength(logs.length)
    expect(pairs.filter(({ isDeadLetter }) => isDeadLetter).map(({ input }) => input.value?.toString())).toEqual([])
    const expected = new Map(
      logs.map(({ value, timestamp, message }) => [value, { timestamp, message: JSON.stringify(message) }]),
    )
    const wrong = pairs
      .map((pair) => ({ pair, output: readOutput(pair), log: expected.get(pair.input.value?.toString() ?? '') }))
      .filter(({ output, log }) => output.timestamp !== log?.timestamp || output.message !== log.message)
    expect(wrong.map(({ pair, output, log }) => [sourceOf(pair.result), output.timestamp, log?.timestamp])).toEqual([])
  })

  it('have the wall clock of the ETL as their time', () => {
    const times = pairs.map((pair) => readOutput(pair).time)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(startedMs)
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now())
  })

  it('carry their source as their only header', () => {
    const headers = pairs.map(({ result }) => result.headers.map(({ name, value }) => [name, value?.toString()]))
    expect(headers).toEqual(pairs.map(({ input }) => [['source', `${input.topic}/${input.partition}/${input.offset}`]]))
  })

  it('have output topics with the partitions that they need', async () => {
    // The highest is input partition 2 of the second of three topics: 2 * 3 + 1.
    expect(await site.oracle.offsets(contractCase.outputTopic)).toHaveLength(8)
    expect(await site.oracle.offsets(contractCase.deadLetterTopic)).toHaveLength(8)
  })

  it('stand in results.csv, each in a row', async () => {
    const { environment } = contractCase
    const reader = await startServiceProcess({
      service: 'reader',
      bootstrap: site.kafka.bootstrap,
      environment: { ...environment, READER_FOLLOW: 'false' },
    })
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    const text = await readFile(join(reader.folder, 'results', 'results.csv'), 'utf8')
    assertResultsMatch(text, await site.oracle.readTopic(contractCase.outputTopic))
  }, 60_000)
})
