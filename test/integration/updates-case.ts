import { installPipeline } from '../support/own-pipeline.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import type { SharedSite } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

/** The text that ends an update of these tests. */
export const end = 'END'

const source = (name: string): string => `
  import { csv, definePipeline, json, Type } from '@kafka-etl/pipeline'
  const Row = Type.Object({ id: Type.String(), count: Type.Integer() })
  const Update = Type.Object({ commit: Type.Integer(), ids: Type.Array(Type.String()) })
  export const pipeline = definePipeline({
    name: '${name}',
    topics: {
      input: { name: '${name}', value: csv(Row), updates: '${end}', partitions: 1 },
      rows: { name: '${name}-rows', value: json(Row) },
      updates: { name: '${name}-updates', value: json(Update), settings: { 'max.message.bytes': '3000' } },
    },
    steps: {
      input: {
        update: (rows, { to, commit }) => [
          ...rows.map((row) => to.rows(row)),
          to.updates({ commit, ids: rows.map(({ id }) => id) }),
        ],
      },
    },
  })`

/** A separate pipeline with atomic updates of a CSV: one record for each row, and one for each update. */
export type UpdatesCase = {
  readonly group: string
  readonly start: (environment?: Readonly<Record<string, string>>) => Promise<ServiceProcess>
  readonly write: (...values: readonly string[]) => Promise<void>
  /** `2: a b`: the number of an update, and its rows. */
  readonly readUpdates: () => Promise<readonly string[]>
  readonly awaitUpdates: (count: number) => Promise<readonly string[]>
  /** `reason value` for each dead letter. */
  readonly readDeadLetters: () => Promise<readonly string[]>
}

export const layOutUpdates = async (
  site: SharedSite,
  name: string,
  /** Settings of the input topic. */
  settings: Readonly<Record<string, string>> = {},
): Promise<UpdatesCase> => {
  const { oracle } = site
  const installation = await installPipeline('etl', name, source(name))
  await oracle.createTopics([
    { name, partitionCount: 1, settings },
    { name: `${name}-rows`, partitionCount: 1 },
    { name: `${name}-updates`, partitionCount: 1, settings: { 'max.message.bytes': '3000' } },
    { name: `${name}_dead_letters`, partitionCount: 1 },
  ])
  const readUpdates = async (): Promise<readonly string[]> => {
    const updates = await oracle.readTopic(`${name}-updates`)
    return updates.map(({ value }) => {
      const { commit, ids } = JSON.parse(String(value)) as { commit: number; ids: readonly string[] }
      return `${commit}: ${ids.join(' ')}`
    })
  }
  return {
    group: `etl-${name}`,
    start: (environment) =>
      startServiceProcess({
        service: 'etl',
        bootstrap: site.kafka.bootstrap,
        installation,
        environment: { PIPELINE: name, ETL_INSTANCE: 'one', ...environment },
      }),
    write: (...values) =>
      writeAll(
        oracle,
        values.map((value) => ({ topic: name, partition: 0, value })),
      ),
    readUpdates,
    awaitUpdates: async (count) => {
      await waitFor(async () => (await readUpdates()).length >= count, { what: `${count} updates` })
      return readUpdates()
    },
    readDeadLetters: async () =>
      (await oracle.readTopic(`${name}_dead_letters`)).map(
        ({ value, headers }) =>
          `${String(headers.find((header) => header.name === '__etl.errors.reason')?.value)} ${String(value)}`,
      ),
  }
}

export const messagesOf = ({ lines }: ServiceProcess): string => lines.map(({ msg }) => msg).join('\n')
