import { roundsOf, type BenchContext } from '../bench-context.js'
import { deleteTopics } from '../input.js'
import type { Checked } from '../meter.js'
import { runPipeline, type OutputTopic } from '../pipelines/pipeline-run.js'
import { preparePeers } from '../prepare-peers.js'
import { createWindowsEngine } from './engine.js'
import { windowsStreams } from './streams.js'

const partitions = 4
const windowTopics = ['rides_pulocation_window_count', 'vendor_counts_windowed']
/** Longer than two checkpoints: the engine's outputs appear with them. */
const quietMs = 15_000

/**
 * A backlog of rides, 40 ms apart in event time; the engine and the peer take turns to count them in the same windows.
 */
export const measureWindows = async (context: BenchContext): Promise<void> => {
  const { meter, settings, say } = context
  const { logs: count, seed } = settings
  const contenders = [await createWindowsEngine(context), ...(await preparePeers(context, [windowsStreams]))]
  await meter.ask(`create rides ${partitions}`)
  say(`writing ${count} rides`)
  await meter.ask(`windows-write rides ${count} ${seed}`)
  const outputs: OutputTopic[] = []
  for (const topic of windowTopics) {
    const { due } = (await meter.ask(`windows-count ${topic} ${count} ${seed}`)) as { readonly due: number }
    outputs.push({ topic, partitions: 1, due })
  }
  const check = async ({ topic }: OutputTopic): Promise<Checked> =>
    (await meter.ask(`windows-check ${topic} ${count} ${seed}`)) as Checked
  for (const round of roundsOf(context)) {
    for (const contender of contenders) {
      // No ride is late; the engine only needs the topic to exist.
      await meter.ask('create rides_late 1')
      await runPipeline(context, contender, { scenario: 'windows', round, size: count, count, outputs, quietMs, check })
      await deleteTopics(context, ['rides_late'])
    }
  }
  await deleteTopics(context, ['rides'])
}
