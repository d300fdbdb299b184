import { describe, expect, it } from '@jest/globals'
import { flavours } from '../support/jars.js'
import type { NewRecord } from '../support/oracle-records.js'
import { withBroker } from '../support/site.js'
import { startServiceProcess } from '../support/service-process.js'
import { createCase, newYork } from '../support/service-case.js'
import { readPairs } from './contract-case.js'

describe.each(flavours)('Kafka %s', (flavour) =>
  withBroker('inputs that come in transactions', { flavour }, (site) => {
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
        (await readPairs(site.oracle, contractCase)).map(
          ({ input }) => input.value?.toString().replaceAll(/.*"(\w+)"}$/g, '$1') ?? '',
        )
      const countOf = (texts: readonly string[], message: string): number =>
        texts.filter((text) => text === message || text === `bad ${message}`).length

      await site.oracle.createTopics([{ name: topic, partitionCount: 1 }])
      // Three transactions overlap; keys of four zero bytes look like the key of an abort marker.
      await site.oracle.write(logs('aborted', Buffer.alloc(4)), { transactionalId: 'first' })
      await site.oracle.write(logs('committed', Buffer.alloc(4)), { transactionalId: 'second' })
      await site.oracle.write(logs('plain'))
      await site.oracle.write(logs('aborted'), { transactionalId: 'third' })
      await site.oracle.write(logs('aborted'), { transactionalId: 'first' })
      await site.oracle.endTransaction('third', 'abort')
      await site.oracle.endTransaction('second', 'commit')
      await site.oracle.write(logs('aborted', Buffer.alloc(4)), { transactionalId: 'first' })
      await site.oracle.endTransaction('first', 'abort')
      const etl = await startServiceProcess({
        service: 'etl',
        bootstrap: site.kafka.bootstrap,
        environment: contractCase.environment,
      })
      await etl.waitForHttp('/ready', 200)
      const first = await textsOf()
      expect([first.length, countOf(first, 'committed'), countOf(first, 'plain')]).toEqual([40, 20, 20])

      // An open transaction holds back later records, which do not count as lag.
      await site.oracle.write(logs('open'), { transactionalId: 'first' })
      await site.oracle.write(logs('behind'))
      expect(await textsOf()).toHaveLength(40)
      await etl.waitForHttp('/live', 200)
      await site.oracle.endTransaction('first', 'commit')
      const last = await textsOf()
      expect([last.length, countOf(last, 'open'), countOf(last, 'behind'), countOf(last, 'aborted')]).toEqual([
        80, 20, 20, 0,
      ])

      // Only aborted records and a marker: nothing to write, and no lag either.
      await site.oracle.write(logs('aborted'), { transactionalId: 'third' })
      await site.oracle.endTransaction('third', 'abort')
      await site.oracle.write(logs('plain'))
      expect(await textsOf()).toHaveLength(100)
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    }, 120_000)
  }),
)
