import { join } from 'node:path'
import { roundsOf, type BenchContext } from '../bench-context.js'
import type { Contender } from '../candidate.js'
import { deleteTopics } from '../input.js'
import type { Checked } from '../meter.js'
import { preparePeers } from '../prepare-peers.js'
import { measureNoaaLive } from './live.js'
import { runPipeline, type OutputTopic, type PipelineJob } from '../pipelines/pipeline-run.js'
import { noaaEtl, noaaPeers } from './contenders.js'
import { kinds, partitionsOf, topicOf, type Kind } from './topics.js'

/** A backlog of one million flat readings; the contenders take turns to enrich, filter and alert. */
export const measureNoaa = async (context: BenchContext): Promise<void> => {
  const { meter, settings, folders, say } = context
  const { logs: size, seed } = settings
  const stations = join(folders.root, 'pipelines', 'noaa', 'stations.jsonl')
  const peers = await preparePeers(context, noaaPeers)
  await meter.ask('create noaa-flat 1')
  say(`writing ${size} flat readings`)
  await meter.ask(`noaa-write noaa-flat ${size} ${seed} ${stations}`)
  const due = (await meter.ask(`noaa-count ${size} ${seed} ${stations}`)) as Readonly<Record<Kind, number>>
  const outputs = kinds.map((kind) => ({ topic: topicOf[kind], partitions: partitionsOf[kind], due: due[kind] }))
  const check = async ({ topic }: OutputTopic, level: string): Promise<Checked> => {
    const kind = kinds.find((one) => topicOf[one] === topic) ?? 'readings'
    return (await meter.ask(`noaa-check ${kind} ${topic} ${size} ${seed} ${level} ${stations}`)) as Checked
  }
  const contenders: readonly Contender<PipelineJob>[] = [noaaEtl, ...peers]
  for (const round of roundsOf(context)) {
    for (const contender of contenders) {
      await runPipeline(context, contender, { scenario: 'noaa', round, size, count: size, outputs, check })
    }
  }
  await deleteTopics(context, ['noaa-flat'])
  for (const round of roundsOf(context)) await measureNoaaLive(context, round)
}
