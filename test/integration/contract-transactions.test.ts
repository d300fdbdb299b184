import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { flavours } from '../support/jars.js'
import { startKafka, type TestKafka } from '../support/kafka.js'
import type { NewRecord } from '../support/oracle-records.js'
import { startOracle, type Oracle } from '../support/oracle.js'
import { startServiceProcess } from '../support/service-process.js'
import { createCase, newYork, readPairs } from './contract-case.js'

describe.each(flavours)('inputs that come in transactions, on Kafka %s', (flavour) => {
  let kafka: TestKafka
  let oracle: Oracle
  beforeAll(async () => {
    kafka = await startKafka({ flavour })
    oracle = await startOracle(kafka.bootstrap)
  }, 180_000)
  afterAll(async () => {
    await oracle.stop()
    await kafka.stop()
  }, 60_000)

  it('are read when they are committed, and never when they are aborted', async () => {
    const contractCase = createCase('transactions', [newYork])
    const topic = contractCase.inputs[0]?.topic ?? ''
    const logs = (message: string, key: Buffer | null = null): NewRecord[] =>
      Array.from({ length: 20 }, (_, index) => ({
        topic,
        key,
        value: index % 5 === 4 ? `bad ${message}` : `{"date":"2024-02-05 10:01:52.884548","message":"${message}"}`,
      }))
    const textsOf = async (): Promise<readonly string[]> =>
      (await readPairs(oracle, contractCase)).map(
        ({ input }) => input.value?.toString().replaceAll(/.*"(\w+)"}$/g, '$1') ?? '',
      )
    const countOf = (texts: readonly string[], message: string): number =>
      texts.filter((text) => text === message || text === `bad ${message}`).length

    await oracle.createTopics([{ name: topic, partitionCount: 1 }])
    // Three transactions overlap; keys of four zero bytes look like the key of an abort marker.
    await oracle.write(logs('aborted', Buffer.alloc(4)), { transactionalId: 'first' })
    await oracle.write(logs('committed', Buffer.alloc(4)), { transactionalId: 'second' })
    await oracle.write(logs('plain'))
    await oracle.write(logs('aborted'), { transactionalId: 'third' })
    await oracle.write(logs('aborted'), { transactionalId: 'first' })
    await oracle.endTransaction('third', 'abort')
    await oracle.endTransaction('second', 'commit')
    await oracle.write(logs('aborted', Buffer.alloc(4)), { transactionalId: 'first' })
    await oracle.endTransaction('first', 'abort')
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: kafka.bootstrap,
      environment: contractCase.environment,
    })
    await etl.waitForHttp('/ready', 200)
    const first = await textsOf()
    expect([first.length, countOf(first, 'committed'), countOf(first, 'plain')]).toEqual([40, 20, 20])

    // One that stays open holds back what comes after it, and is no lag.
    await oracle.write(logs('open'), { transactionalId: 'first' })
    await oracle.write(logs('behind'))
    expect(await textsOf()).toHaveLength(40)
    await etl.waitForHttp('/live', 200)
    await oracle.endTransaction('first', 'commit')
    const last = await textsOf()
    expect([last.length, countOf(last, 'open'), countOf(last, 'behind'), countOf(last, 'aborted')]).toEqual([
      80, 20, 20, 0,
    ])

    // Nothing but aborted records and a marker: nothing to write, and no lag either.
    await oracle.write(logs('aborted'), { transactionalId: 'third' })
    await oracle.endTransaction('third', 'abort')
    await oracle.write(logs('plain'))
    expect(await textsOf()).toHaveLength(100)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 120_000)
})
