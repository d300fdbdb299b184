import { expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { encodeRecordBatch, produceRaw, type RawRecord } from '../support/raw-records.js'
import { createCase, type ServiceCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { readOutput, readPairs, writeAll } from './contract-case.js'

const logOf = (message: string): string => `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${message}"}`
const anyTimestamp = { 'message.timestamp.after.max.ms': '9223372036854775807' }

/** Any int64 is valid: the first and last, some that a double cannot hold, none (-1), and ordinary ones in between. */
const timestamps = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, -1n, 0n, 1_707_145_312_884n, -2n]

withSharedBroker('records as no producer of ours writes them', {}, (site) => {
  const send = async (topic: string, records: readonly RawRecord[]): Promise<void> => {
    const bytes = encodeRecordBatch(records)
    expect(await produceRaw({ bootstrap: site.kafka.bootstrap, topic, version: 3, bytes })).toBe(0)
  }
  const start = ({ environment }: ServiceCase): Promise<ServiceProcess> =>
    startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
  const admin = ({ environment }: ServiceCase, ...command: string[]): Promise<AdminResult> =>
    runAdmin(command, { bootstrap: site.kafka.bootstrap, environment })

  it('of any record timestamp, in any mix, pass or are set aside, on outputs of any setting', async () => {
    const own = createCase('stamped', ['America/New_York'])
    await site.oracle.createTopics([
      { name: 'stamped-1', partitionCount: 1, settings: anyTimestamp },
      {
        name: own.outputTopic,
        partitionCount: 1,
        settings: { 'compression.type': 'zstd', 'message.timestamp.before.max.ms': '86400000' },
      },
      { name: own.deadLetterTopic, partitionCount: 1, settings: { 'message.timestamp.type': 'LogAppendTime' } },
    ])
    const records = timestamps.map((timestamp, index) => ({ timestamp, value: logOf(String(index)) }))
    await send('stamped-1', records)
    await send('stamped-1', records.toReversed())
    for (const record of records) await send('stamped-1', [record])
    expect((await admin(own, 'lag')).stdout).toMatch(/stamped-1\/0 +- +24 +24 /)
    const etl = await start(own)
    const outputs = await readPairs(site.oracle, own)
    expect(outputs.map((pair) => readOutput(pair).message).slice(0, 9)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 7].map((index) => `"${index}"`),
    )
    const { stdout } = await admin(own, 'tail', 'stamped-1', '--count', '3')
    expect(stdout).toContain('0/0  -9007199254740991 ms  ')
    await send('stamped-1', [{ timestamp: 2n ** 63n - 1n, value: 'bad' }])
    await writeAll(site.oracle, [{ topic: 'stamped-1', value: logOf('next') }])
    await etl.waitForLine(/rejected/)
    expect((await admin(own, 'dead-letters', 'list')).stdout).toContain('stamped-1/0/24')
    expect((await admin(own, 'audit')).stdout).toContain('Nothing lost, nothing twice, nothing out of order')
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)

  it('with half a million headers cost linear time: ETL, letters and audit', async () => {
    const own = createCase('headed', ['America/New_York'])
    await site.oracle.createTopics([{ name: 'headed-1', partitionCount: 1 }])
    await send('headed-1', [{ timestamp: 0n, value: 'bad', emptyHeaders: 500_000 }])
    await send('headed-1', [{ timestamp: 0n, value: logOf('next'), emptyHeaders: 500_000 }])
    const etl = await start(own)
    const pairs = await readPairs(site.oracle, own)
    expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual([true, false])
    for (const command of [
      ['dead-letters', 'list'],
      ['dead-letters', 'show', '0/0'],
      ['audit'],
      ['tail', 'headed-1', '--count', '2'],
    ]) {
      expect((await admin(own, ...command)).code).toBe(0)
    }
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)

  it('cannot go to a topic that Kafka does not make: its name and the cause are told, exit code 2', async () => {
    const own = createCase('clash', ['America/New_York'])
    await site.oracle.createTopics([
      { name: 'clash-1', partitionCount: 1 },
      { name: 'clash_out', partitionCount: 1 },
    ])
    const etl = await start({ ...own, environment: { ...own.environment, OUTPUT_TOPIC: 'clash.out' } })
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    expect(etl.lines.at(-1)?.msg).toMatch(/Kafka refused to create topics: clash\.out: .*'\.' and '_'/)
  }, 30_000)
})
