import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { gzipBomb, lz4Bomb, zstdBomb, type Bomb } from '../support/compressed-bombs.js'
import { headerText } from '../support/oracle-records.js'
import { produceRaw } from '../support/raw-records.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const mostKib = 256 * 1024
const mebibyte = 2 ** 20
const gib = 2 ** 30
const log = '{"date":"2024-02-05 10:01:52.884548 -0500","message":"next"}'
const outputOf = (message: string): string =>
  `{"timestamp":1707217879632.242,"message":"${message}","time":1707217879944,"diff":1}`

/** The most memory that the process has had, 0 once it has ended. */
const readPeakKib = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
}

/** Runs a reader that writes what is there and ends; its folder, and the most memory that it took. */
const drain = async (bootstrap: string, environment: Readonly<Record<string, string>>) => {
  const reader = await startServiceProcess({
    service: 'reader',
    bootstrap,
    environment: { ...environment, READER_FOLLOW: 'false' },
  })
  let peakKib = 0
  await waitFor(
    async () => {
      peakKib = Math.max(peakKib, await readPeakKib(reader.pid))
      return reader.hasEnded()
    },
    { what: 'everything to be read', deadlineMs: 300_000, everyMs: 100 },
  )
  expect(await reader.exit).toEqual({ code: 0, signal: null })
  return { reader, peakKib }
}

withBroker('a small batch that expands to gigabytes', { heapMb: 512 }, (site) => {
  it.each<[string, number, () => Promise<Bomb>]>([
    ['gzip to 900 MiB', 1, () => gzipBomb(1, 900 * mebibyte)],
    ['gzip to 900 MiB each in 12 partitions', 12, () => gzipBomb(9, 100 * mebibyte)],
    ['lz4 to 206 MiB each in 12 partitions', 12, () => Promise.resolve(lz4Bomb(3_300))],
    ['zstd to 10 GiB', 1, () => zstdBomb(10, gib)],
    ['zstd to 1 GiB each in 12 partitions', 12, () => zstdBomb(1, gib)],
  ])(
    '%s becomes dead letters, and takes less than 256 MiB',
    async (name, partitionCount, make) => {
      const own = createCase(`bomb-${name.replaceAll(/[^a-z0-9]/g, '')}`, ['America/New_York'])
      const topic = own.inputs[0]?.topic ?? ''
      await site.oracle.createTopics([{ name: topic, partitionCount }])
      const { count, batch } = await make()
      expect(batch.length).toBeLessThan(1_048_588)
      for (let partition = 0; partition < partitionCount; partition++) {
        const place = { bootstrap: site.kafka.bootstrap, topic, partition, version: 7 } as const
        expect(await produceRaw({ ...place, bytes: batch })).toBe(0)
      }
      await site.oracle.write(
        Array.from({ length: partitionCount }, (_, partition) => ({ topic, partition, value: log })),
      )
      const startedMs = performance.now()
      const etl = await startServiceProcess({
        service: 'etl',
        bootstrap: site.kafka.bootstrap,
        environment: own.environment,
      })
      let peakKib = 0
      await waitFor(
        async () => {
          if (etl.hasEnded()) return true
          peakKib = Math.max(peakKib, await readPeakKib(etl.pid))
          return isGroupAtEnd(site.oracle, own.group, [topic])
        },
        { what: 'everything to be handled', deadlineMs: 300_000, everyMs: 500 },
      )
      const seconds = Math.round((performance.now() - startedMs) / 1000)
      process.stdout.write(`${name}: ${seconds} s, ${Math.round(peakKib / 1024)} MiB at most\n`)
      const letters = await site.oracle.readTopic(own.deadLetterTopic)
      expect(letters.map((letter) => headerText(letter, '__etl.errors.reason'))).toEqual(
        Array.from({ length: count * partitionCount }, () => 'record_too_large'),
      )
      expect(await site.oracle.readTopic(own.outputTopic)).toHaveLength(partitionCount)
      expect(peakKib).toBeLessThan(mostKib)
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    },
    600_000,
  )

  it.each<[string, () => Promise<Bomb>]>([
    ['gzip to 900 MiB', () => gzipBomb(1, 900 * mebibyte)],
    ['zstd to 1 GiB', () => zstdBomb(1, gib)],
  ])(
    '%s in each of 12 partitions of the outputs gets no row, the outputs behind have theirs, in less than 256 MiB',
    async (name, make) => {
      const own = createCase(`bomb-read-${name.replaceAll(/[^a-z0-9]/g, '')}`)
      const topic = own.outputTopic
      await site.oracle.createTopics([{ name: topic, partitionCount: 12 }])
      const { batch } = await make()
      for (let partition = 0; partition < 12; partition++) {
        const place = { bootstrap: site.kafka.bootstrap, topic, partition, version: 7 } as const
        expect(await produceRaw({ ...place, bytes: batch })).toBe(0)
      }
      await site.oracle.write(
        Array.from({ length: 12 }, (_, partition) => ({ topic, partition, value: outputOf(`row ${partition}`) })),
      )
      const { reader, peakKib } = await drain(site.kafka.bootstrap, own.environment)
      process.stdout.write(`reader, ${name} in 12 partitions: ${Math.round(peakKib / 1024)} MiB at most\n`)
      const csv = await readFile(join(reader.folder, 'results', 'results.csv'), 'utf8')
      const messages = [...csv.matchAll(/"(row \d+)"/g)].map(([, message]) => message)
      expect(messages.toSorted()).toEqual(Array.from({ length: 12 }, (_, index) => `row ${index}`).toSorted())
      expect(peakKib).toBeLessThan(mostKib)
    },
    600_000,
  )

  it.each([
    [3, 1],
    [12, 32],
  ])(
    'an output of %s MiB, in a zstd batch of a topic that takes %s MiB, has its row whole',
    async (mib, limitMib) => {
      const own = createCase(`large-${mib}`)
      const topic = own.outputTopic
      const settings = { 'max.message.bytes': String(limitMib * mebibyte) }
      await site.oracle.createTopics([{ name: topic, partitionCount: 1, settings }])
      const message = 'x'.repeat(mib * mebibyte)
      const client = { 'compression.type': 'zstd', 'max.request.size': String(64 * mebibyte) }
      const [outcome] = await site.oracle.write([{ topic, partition: 0, value: outputOf(message) }], {
        settings: { ...client, 'buffer.memory': String(128 * mebibyte) },
      })
      expect(outcome).toMatchObject({ ok: true })
      const { reader, peakKib } = await drain(site.kafka.bootstrap, own.environment)
      process.stdout.write(`reader, an output of ${mib} MiB: ${Math.round(peakKib / 1024)} MiB at most\n`)
      const csv = await readFile(join(reader.folder, 'results', 'results.csv'), 'utf8')
      expect(csv.length).toBeGreaterThan(message.length)
      expect(csv.includes(message)).toBe(true)
    },
    120_000,
  )
})
