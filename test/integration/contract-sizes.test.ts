import { expect, it } from '@jest/globals'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { headerText, type NewRecord } from '../support/oracle-records.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { createCase, type ServiceCase } from '../support/service-case.js'
import { readPairs, writeAll, type Pair } from './contract-case.js'

const goodOf = (messageLength: number): string =>
  `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${'m'.repeat(messageLength)}"}`

const maxMessageBytes = 20_000

withBroker(
  'records near the size that a topic takes',
  { settings: { 'message.max.bytes': '4000000', 'replica.fetch.max.bytes': '4000000' } },
  (site) => {
    type Limits = { readonly output: number; readonly deadLetter: number }

    type Records = readonly Omit<NewRecord, 'topic'>[]

    /** Runs the ETL on the records, with topics that accept batches of these sizes. */
    const start = async (contractCase: ServiceCase, limits: Limits, records: Records): Promise<ServiceProcess> => {
      const { inputs, outputTopic, deadLetterTopic, environment } = contractCase
      const [topic = ''] = inputs.map((input) => input.topic)
      const limitOf = (bytes: number): Record<string, string> => ({ 'max.message.bytes': String(bytes) })
      await site.oracle.createTopics([
        { name: topic, partitionCount: 1, settings: limitOf(4_000_000) },
        { name: outputTopic, partitionCount: 2, settings: limitOf(limits.output) },
        { name: deadLetterTopic, partitionCount: 2, settings: limitOf(limits.deadLetter) },
      ])
      await writeAll(
        site.oracle,
        records.map((record) => ({ topic, ...record })),
      )
      return startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
    }

    const handle = async (name: string, limits: Limits, records: Records): Promise<readonly Pair[]> => {
      const contractCase = createCase(name)
      const etl = await start(contractCase, limits, records)
      const pairs = await readPairs(site.oracle, contractCase)
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
      return pairs
    }

    it('are written as long as they fit, and set aside from the first byte on that does not', async () => {
      const lengths = Array.from({ length: 260 }, (_, index) => maxMessageBytes - 300 + index)
      const pairs = await handle(
        'edge',
        { output: maxMessageBytes, deadLetter: 1_000_000 },
        lengths.map((length) => ({ value: goodOf(length) })),
      )
      const firstTooLarge = pairs.findIndex(({ isDeadLetter }) => isDeadLetter)
      // A batch of one record takes 61 bytes plus the record: 14, its header 15 + 11, and the output 72 plus its
      // message.
      expect(lengths[firstTooLarge]).toBeGreaterThanOrEqual(maxMessageBytes - 61 - 14 - 26 - 72)
      expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual(lengths.map((_, index) => index >= firstTooLarge))
      for (const { input, result, isDeadLetter } of pairs) {
        if (!isDeadLetter) continue
        expect(headerText(result, '__etl.errors.reason')).toBe('record_too_large')
        expect(headerText(result, '__etl.errors.message')).toMatch(/20000 bytes, got/)
        expect(result.value).toEqual(input.value)
        expect(headerText(result, '__etl.original.size')).toBeUndefined()
      }
    }, 60_000)

    it('are cut where the dead letter topic does not take them either, and tell their size', async () => {
      const bulk = Buffer.alloc(maxMessageBytes, 'h')
      const records = [
        ...Array.from({ length: 300 }, (_, index) => ({ value: 'x'.repeat(maxMessageBytes - 400 + index) })),
        { value: 'x'.repeat(3_500_000) },
        { value: goodOf(3_500_000) },
        { value: 'x'.repeat(100), headers: [{ name: 'bulk', value: bulk }] },
        { value: 'x'.repeat(100) },
      ]
      const pairs = await handle('cut', { output: maxMessageBytes, deadLetter: maxMessageBytes }, records)
      for (const { input, result } of pairs) {
        const [whole, kept] = [input.value ?? Buffer.alloc(0), result.value ?? Buffer.alloc(0)]
        expect(whole.subarray(0, kept.length)).toEqual(kept)
        const size = headerText(result, '__etl.original.size')
        const isWhole =
          kept.length === whole.length && input.headers.every(({ name }) => headerText(result, name) !== undefined)
        expect(size).toBe(isWhole ? undefined : String(whole.length))
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(whole.length, maxMessageBytes / 4))
      }
      expect(pairs.some(({ result }) => headerText(result, '__etl.original.size') === undefined)).toBe(true)
    }, 60_000)

    it('leave out a key that alone is larger than the dead letter topic takes', async () => {
      const records = [null, 'x'.repeat(100), goodOf(10)].map((value) => ({
        value,
        key: Buffer.alloc(maxMessageBytes),
      }))
      const contractCase = createCase('keys')
      const etl = await start(contractCase, { output: maxMessageBytes, deadLetter: maxMessageBytes }, records)
      const topics = contractCase.inputs.map(({ topic }) => topic)
      await waitFor(() => isGroupAtEnd(site.oracle, contractCase.group, topics), { what: 'all to be handled' })
      const letters = await site.oracle.readTopic(contractCase.deadLetterTopic)
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
      expect(letters.map(({ key, value }) => [key, value?.toString() ?? null])).toEqual(
        records.map(({ value }) => [null, value]),
      )
    }, 60_000)

    it('do not hold up a batch that is larger than any request may be', async () => {
      const records = Array.from({ length: 400 }, (_, index) => ({
        value: index % 2 === 0 ? goodOf(9_000) : 'x'.repeat(9_000),
      }))
      const pairs = await handle('bulk', { output: maxMessageBytes, deadLetter: maxMessageBytes }, records)
      expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual(records.map((_, index) => index % 2 === 1))
    }, 60_000)
  },
)
