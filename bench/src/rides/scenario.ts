import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { roundsOf, type BenchContext } from '../bench-context.js'
import { deleteTopics } from '../input.js'
import type { Checked } from '../meter.js'
import { runPipeline, type OutputTopic } from '../pipelines/pipeline-run.js'
import { preparePeers } from '../prepare-peers.js'
import { inputOf, ridesEtl, ridesPeer, type RidesFormat } from './contenders.js'
import { servedSchemaId, startSchemaServer } from './schema-server.js'

export const ridesFormats: readonly RidesFormat[] = ['json', 'avro']
const partitions = 4

/** A backlog of rides in JSON, then as many in Avro; this ETL and the peer take turns to convert them. */
export const measureRides = async (context: BenchContext): Promise<void> => {
  const schema = await readFile(join(context.folders.bench, 'peers', 'rides.avsc'), 'utf8')
  const server = await startSchemaServer(JSON.stringify(JSON.parse(schema)))
  try {
    for (const format of ridesFormats) await measureFormat(context, format, server.url)
  } finally {
    await server.stop()
  }
}

const measureFormat = async (context: BenchContext, format: RidesFormat, registryUrl: string): Promise<void> => {
  const { meter, settings, say } = context
  const { logs: count, seed } = settings
  const contenders = [ridesEtl(registryUrl), ...(await preparePeers(context, [ridesPeer(format, registryUrl)]))]
  const input = inputOf(format)
  for (const one of ridesFormats) await meter.ask(`create ${inputOf(one)} ${partitions}`)
  say(`writing ${count} rides in ${format}`)
  await meter.ask(`rides-write ${input} ${format} ${count} ${seed} ${servedSchemaId}`)
  const outputs = [{ topic: 'rides', partitions, due: count }]
  const check = async ({ topic }: OutputTopic, level: string): Promise<Checked> =>
    (await meter.ask(`rides-check ${input} ${format} ${topic} ${count} ${seed} ${level}`)) as Checked
  for (const round of roundsOf(context)) {
    for (const contender of contenders) {
      await runPipeline(context, contender, { scenario: `rides-${format}`, round, size: count, count, outputs, check })
    }
  }
  await deleteTopics(context, ridesFormats.map(inputOf))
}
