import { roundsOf, type BenchContext } from '../bench-context.js'
import { deleteTopics } from '../input.js'
import type { Checked } from '../meter.js'
import { createPipelineEtl } from '../pipelines/pipeline-etl.js'
import { runPipeline, type OutputTopic } from '../pipelines/pipeline-run.js'

export const connectorEtl = createPipelineEtl('connector')

/** How many rows an update has, and how many rows to write for each million of LOGS. */
export type UpdateSize = { readonly rowsAnUpdate: number; readonly rowsAMillion: number; readonly bytesARow: number }

/** An update of 61 MiB that becomes one record of 5 MiB: the largest that ETL_UPDATE_MAX_BYTES and the topic allow. */
export const largest: UpdateSize = { rowsAnUpdate: 300_000, rowsAMillion: 300_000, bytesARow: 214 }

export const updateSizes: readonly UpdateSize[] = [
  { rowsAnUpdate: 1, rowsAMillion: 200_000, bytesARow: 0 },
  { rowsAnUpdate: 100, rowsAMillion: 1_000_000, bytesARow: 0 },
  { rowsAnUpdate: 100_000, rowsAMillion: 1_000_000, bytesARow: 0 },
  largest,
]

const values = 'connector_values'
const updates = 'connector_updates'
const million = 1_000_000

/** For each size of updates: a backlog of rows with a COMMIT after each update. */
export const measureConnector = async (context: BenchContext): Promise<void> => {
  for (const round of roundsOf(context)) {
    for (const size of updateSizes) await measureUpdates(context, size, round)
  }
}

const measureUpdates = async (context: BenchContext, size: UpdateSize, round: number): Promise<void> => {
  const { meter, settings } = context
  const { rowsAnUpdate, rowsAMillion, bytesARow } = size
  const updateCount = Math.max(1, Math.floor((settings.logs / million) * (rowsAMillion / rowsAnUpdate)))
  const rows = updateCount * rowsAnUpdate
  const input = 'connector_example'
  await meter.ask(`create ${input} 1`)
  await meter.ask(`connector-write ${input} ${rows} ${rowsAnUpdate} ${bytesARow}`)
  const outputs: readonly OutputTopic[] = [
    { topic: values, partitions: 1, due: rows },
    { topic: updates, partitions: 1, due: updateCount, settings: { 'max.message.bytes': '8388608' } },
  ]
  const check = async ({ topic }: OutputTopic): Promise<Checked> => {
    const kind = topic === values ? 'values' : 'updates'
    return (await meter.ask(`connector-check ${kind} ${topic} ${rows} ${rowsAnUpdate}`)) as Checked
  }
  const scenario = bytesARow > 0 ? 'connector-memory' : 'connector'
  await runPipeline(context, connectorEtl, { scenario, round, size: rowsAnUpdate, count: rows, outputs, check })
  await deleteTopics(context, [input])
}
