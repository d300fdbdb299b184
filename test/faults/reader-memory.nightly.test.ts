import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { resolveJars } from '../support/jars.js'
import { openReaderCase } from '../support/reader-case.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const run = promisify(execFile)
const rowCount = 5_000_000
const mostKib = 256 * 1024

/** Writes outputs with Kafka's own load tool, in zstd batches of the largest size that topics allow. */
const writeCompressed = async (bootstrap: string, topic: string, jars: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-payload-'))
  const payload = join(folder, 'outputs')
  const lines = Array.from(
    { length: 10_000 },
    (_, index) => `{"timestamp":${1707217879632 + index}.242,"message":"${index}","time":1707217879944,"diff":1}`,
  )
  await writeFile(payload, lines.join('\n'))
  const properties = [`bootstrap.servers=${bootstrap}`, 'compression.type=zstd', 'batch.size=900000', 'linger.ms=100']
  const options = ['--topic', topic, '--num-records', String(rowCount), '--throughput', '-1', '--payload-file', payload]
  const tool = 'org.apache.kafka.tools.ProducerPerformance'
  await run('java', ['-Xmx256m', '-cp', `${jars}/*`, tool, ...options, '--producer-props', ...properties])
  await rm(folder, { recursive: true })
}

const readPeakKib = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  return kib === undefined ? undefined : Number(kib)
}

withBroker('the reader of a compressed topic', {}, (site) => {
  it('writes 5,000,000 rows in less than 256 MiB', async () => {
    const { topic, startReader } = await openReaderCase(site, 'reader-memory')
    await writeCompressed(site.kafka.bootstrap, topic, await resolveJars(site.kafka.flavour))
    const reader = await startReader({ READER_FOLLOW: 'false', LOG_LEVEL: 'info' })
    let peakKib = 0
    await waitFor(
      async () => {
        peakKib = (await readPeakKib(reader.pid)) ?? peakKib
        return reader.hasEnded()
      },
      { what: 'all rows', everyMs: 100, deadlineMs: 240_000 },
    )
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    process.stdout.write(`the reader took ${Math.round(peakKib / 1024)} MiB at most\n`)
    const { stdout } = await run('wc', ['-l', join(reader.folder, 'results', 'results.csv')])
    expect(Number.parseInt(stdout, 10)).toBe(rowCount + 1)
    expect(peakKib).toBeLessThan(mostKib)
  }, 600_000)
})
