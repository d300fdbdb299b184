import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { installPipeline } from '../support/own-pipeline.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

/** Two results, and a third one whose topic nobody creates. */
const source = (name: string): string => `
import { definePipeline, json, rows, Type } from '@kafka-etl/pipeline'

const Order = Type.Object({ id: Type.Integer() })

export const pipeline = definePipeline({
  name: '${name}',
  topics: {
    orders: { name: '${name}-orders', value: json(Order) },
    small: { name: '${name}-small', value: json(Order), key: ({ id }) => String(id), partitions: 2 },
    large: { name: '${name}-large', value: json(Order), partitions: 1 },
  },
  steps: { orders: ({ value }, { to }) => [to.small(value), to.large(value)] },
  results: { small: rows(['$key', 'id', 'place.name', '$deleted']), large: rows(['id'], { first: true }) },
})
`

withSharedBroker('the reader of several results', {}, (site) => {
  const openCase = async (name: string) => {
    const installation = await installPipeline('reader', name, source(name))
    const [small, large] = [`${name}-small`, `${name}-large`]
    const start = (environment: Readonly<Record<string, string>>, folder?: string): Promise<ServiceProcess> =>
      startServiceProcess({
        ...{ service: 'reader', bootstrap: site.kafka.bootstrap, installation },
        ...(folder === undefined ? {} : { folder }),
        environment: { PIPELINE: name, ...environment },
      })
    /** Each input has three outputs in each topic; those in one topic are in one partition. */
    const write = async (from: number, to: number): Promise<void> => {
      const inputs = Array.from({ length: to - from }, (_, index) => from + index)
      const outputs = inputs.flatMap((input) =>
        [0, 1, 2].flatMap((index) => {
          const headers = [
            { name: 'source', value: `${name}-orders/${input % 3}/${input}${index === 0 ? '' : `/${index}`}` },
          ]
          const [key, value] = [`k${input}`, `{"id":${input * 10 + index}.0}`]
          return [
            { topic: small, partition: input % 2, key, value, headers },
            { topic: large, partition: 0, value, headers },
          ]
        }),
      )
      await site.oracle.write(outputs, { transactionalId: `${name}-etl` })
      await site.oracle.endTransaction(`${name}-etl`, 'commit')
    }
    const rowsOf = async (folder: string, topic: string): Promise<readonly string[]> => {
      const text = await readFile(join(folder, 'results', name, `${topic}.csv`), 'utf8')
      return text.trimEnd().split('\n')
    }
    const expectExact = async (folder: string, count: number): Promise<void> => {
      const ids = Array.from({ length: count }, (_, input) => [0, 1, 2].map((index) => input * 10 + index)).flat()
      const [largeHeader, ...largeRows] = await rowsOf(folder, large)
      expect(largeHeader).toBe('id')
      expect(largeRows).toEqual(ids.map((id) => `${id}.0`))
      const [smallHeader, ...smallRows] = await rowsOf(folder, small)
      expect(smallHeader).toBe('$key,id,place.name,$deleted')
      for (const partition of [0, 1]) {
        const own = (id: number): boolean => Math.floor(id / 10) % 2 === partition
        expect(smallRows.filter((row) => own(Number(row.split(',')[1])))).toEqual(
          ids.filter(own).map((id) => `"k${Math.floor(id / 10)}",${id}.0,,false`),
        )
      }
    }
    return { start, write, expectExact, rowsOf, small, large }
  }

  it('loses and repeats no row of any, killed at each point of the way', async () => {
    const { start, write, expectExact } = await openCase('two-results')
    const first = await start({})
    await first.waitForHttp('/ready', 200)
    await first.kill9()
    let next = 0
    for (const point of ['midWrite', 'afterWrite', 'afterSync', 'midSidecar', 'afterRename', 'beforeKafkaCommit']) {
      await write(next, (next += 20))
      const reader = await start({ CRASH_AT: `reader.${point}:2` }, first.folder)
      await waitFor(
        async () => {
          if (reader.hasEnded()) return true
          await write(next, ++next)
          return false
        },
        { what: `the reader to die at ${point}`, everyMs: 300 },
      )
    }
    const last = await start({ READER_FOLLOW: 'false' }, first.folder)
    expect(await last.exit).toEqual({ code: 0, signal: null })
    await expectExact(first.folder, next)
  }, 90_000)

  it('counts by pipeline and topic, names the file in its log, and ends with exit code 0', async () => {
    const { start, write, large } = await openCase('two-counted')
    const reader = await start({})
    await reader.waitForHttp('/ready', 200)
    await write(0, 4)
    await reader.waitForLine(/^two-counted\/two-counted-large.csv: wrote \d+ rows?, 12 in all, lag 0/)
    await reader.waitForLine(/^two-counted\/two-counted-small.csv: wrote \d+ rows?, 12 in all, lag 0/)
    expect(await reader.metric(`reader_rows_written_total{pipeline="two-counted",topic="${large}"}`)).toBe(12)
    expect(await reader.metric('reader_rows_written_total')).toBe(24)
    expect(await reader.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)
})
