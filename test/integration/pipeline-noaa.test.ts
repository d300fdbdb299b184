import { expect, it } from '@jest/globals'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { pipeline } from '../../pipelines/noaa/pipeline.js'
import { makeReading } from '../../pipelines/noaa/sample.js'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { headerText, type TopicRecord } from '../support/oracle-records.js'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

const count = 2_000
const topics = { readings: 'noaa-json', arizona: 'noaa-json-us-az', alerts: 'noaa-alerts' } as const
const aliases = ['readings', 'arizona', 'alerts'] as const

const values: readonly string[] = Array.from({ length: count }, (_, index) =>
  index % 100 === 7 ? `[${makeReading(index, 3)},${makeReading(index + 43, 3)}]` : makeReading(index, 3),
)

withBroker('the noaa pipeline', {}, (site) => {
  it('makes on a broker what it makes in memory: values, keys, partitions and sources, though its ETL is killed', async () => {
    const { oracle, kafka } = site
    const start = () =>
      startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment: { PIPELINE: 'noaa' } })
    let etl = await start()
    await etl.waitForHttp('/ready', 200)
    for (let from = 0; from < count; from += 500) {
      await writeAll(
        oracle,
        values.slice(from, from + 500).map((value) => ({ topic: 'noaa-flat', partition: 0, key: null, value })),
      )
      await etl.kill9()
      etl = await start()
    }
    await etl.waitForHttp('/ready', 200)
    const sources = ['noaa-flat', 'noaa-json']
    await waitFor(() => isGroupAtEnd(oracle, 'etl-noaa', sources), {
      what: 'the group to reach the end of both steps',
      deadlineMs: 60_000,
    })
    await etl.terminate()
    const run = testPipeline(pipeline)
    values.forEach((value) => run.send('flat', Buffer.from(value)))
    for (const alias of aliases) {
      const written = await oracle.readTopic(topics[alias])
      const expected = run
        .outputs(alias)
        .map(({ key, value, partition }): Row => [partition, key, JSON.stringify(value)])
      const got = written.map((record): Row => [record.partition, String(record.key), String(record.value)])
      // Alerts come from several partitions, with no order between them.
      const arrange = alias === 'alerts' ? sortAll : byPartition
      expect(arrange(got)).toEqual(arrange(expected))
    }
    const firstStep = await oracle.readTopic(topics.readings)
    expect(firstStep.map(sourceOf).toSorted()).toEqual(
      run
        .outputs('readings')
        .map(({ headers }) => headers.source ?? '')
        .toSorted(),
    )
    const letters = await oracle.readTopic('noaa_dead_letters')
    expect(letters.map((letter) => [headerText(letter, '__etl.errors.reason'), String(letter.value)])).toEqual(
      run.deadLetters().map(({ reason, value }) => [reason, String(value)]),
    )
  }, 180_000)
})

const sourceOf = (record: TopicRecord): string => headerText(record, 'source') ?? ''

type Row = readonly [partition: number, key: string | null, value: string]

/** The records of each partition, in order. */
const byPartition = (rows: readonly Row[]): readonly Row[] => rows.toSorted(([partition], [other]) => partition - other)

const sortAll = (rows: readonly Row[]): readonly string[] => rows.map((row) => JSON.stringify(row)).toSorted()
