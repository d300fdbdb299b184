import { readFile } from 'node:fs/promises'
import { expect, it } from '@jest/globals'
import type { NewRecord } from '../support/oracle-records.js'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const topic = 'connector_example'
const mebibyte = 1_048_576
/** ETL_UPDATE_MAX_BYTES, and the memory that the ETL of such a pipeline may take. */
const updateBytes = 64 * mebibyte
const mostKib = 512 * 1024

const readPeakKib = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1])
}

/** Shorter rows are more rows, and take more memory than their bytes (docs/pipelines.md). */
const shapes = [
  { rowBytes: 16_384, rowsPerRecord: 1, value: 1, result: 'connector_values' },
  { rowBytes: 1_024, rowsPerRecord: 1, value: 1, result: 'connector_values' },
  { rowBytes: 256, rowsPerRecord: 1_000, value: 1, result: 'connector_values' },
  { rowBytes: 100, rowsPerRecord: 1, value: 1, result: 'connector_values' },
  // The record of the update is too large for its topic: each row becomes a dead letter.
  { rowBytes: 100, rowsPerRecord: 1, value: 1_000_000, result: 'connector_dead_letters' },
] as const

withBroker('an update of 64 MiB', { heapMb: 512 }, (site) => {
  it.each(shapes)(
    'of rows of $rowBytes bytes, $rowsPerRecord in a record, takes less than 512 MiB on its way to $result',
    async ({ rowBytes, rowsPerRecord, value: number, result }) => {
      const { oracle, kafka } = site
      const name = `memory-${rowBytes}-${rowsPerRecord}-${number}`
      const environment = { PIPELINE: 'connector', ETL_GROUP_ID: name, LOG_LEVEL: 'info' }
      const [log] = await oracle.offsets(topic).catch(() => [])
      if (log === undefined) {
        await oracle.createTopics([{ name: topic, partitionCount: 1 }])
        await oracle.write([{ topic, partition: 0, value: 'value,note' }])
      }
      await oracle.write([{ topic, partition: 0, value: '*COMMIT*' }])
      const etl = await startServiceProcess({
        service: 'etl',
        bootstrap: kafka.bootstrap,
        environment: { ...environment, ETL_START: 'latest' },
      })
      await etl.waitForLine(/begins at/)
      const rows = Math.floor(updateBytes / rowBytes / rowsPerRecord) * rowsPerRecord
      const before = await endOf(oracle, result)
      const line = `${number},`.padEnd(rowBytes - 1, 'x')
      const value = Array.from({ length: rowsPerRecord }, () => line).join('\n')
      const batch = Math.max(1, Math.floor((4 * mebibyte) / value.length))
      const count = rows / rowsPerRecord
      for (let sent = 0; sent < count; sent += batch) {
        const records: NewRecord[] = Array.from({ length: Math.min(batch, count - sent) }, () => ({
          ...{ topic, partition: 0, value },
        }))
        await oracle.write(records)
      }
      await waitFor(async () => (await etl.metric('etl_unfinished_update_records')) === count, {
        what: 'the update to be held',
        deadlineMs: 120_000,
      })
      const heldKib = await readPeakKib(etl.pid)
      await oracle.write([{ topic, partition: 0, value: '*COMMIT*' }])
      await waitFor(async () => (await endOf(oracle, result)) >= before + BigInt(rows), {
        what: 'the rows',
        deadlineMs: 240_000,
        everyMs: 500,
      })
      const peakKib = await readPeakKib(etl.pid)
      process.stdout.write(
        `${name}: ${Math.round(heldKib / 1024)} MiB held, ${Math.round(peakKib / 1024)} MiB at most\n`,
      )
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
      expect(peakKib).toBeLessThan(mostKib)
    },
    600_000,
  )
})

const endOf = async (
  oracle: { offsets: (topic: string) => Promise<readonly { lastStable: bigint }[]> },
  name: string,
) => (await oracle.offsets(name))[0]?.lastStable ?? 0n
