import { readPartitionCounts } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { inputTopics, requireTopics } from '../log-range.js'
import type { DeadLetter } from './letter.js'
import { planReplay, type ReplayChoice, type SkipReason } from './plan-replay.js'
import { readLetters } from './read-letters.js'
import { ensureMarksTopic, marksTopic, readMarks } from './replay-marks.js'
import { openReplayWriter, type Replay } from './replay-writer.js'
import { UsageError } from '../report.js'

/** What was sent back, by reason of rejection, and what was not, with the first letters of each kind. */
export type ReplayResult = {
  readonly replayed: ReadonlyMap<string, number>
  readonly skipped: ReadonlyMap<SkipReason, { count: number; readonly examples: string[] }>
}

/** One transaction: small, since an input waits for its end. */
const mostLetters = 200
const mostBytes = 512 * 1024
const mostExamples = 5

/**
 * Sends letters back, each exactly once, whatever is killed and when. What was replayed must be known for as long as
 * the letters are there, so that neither offsets of a group will do, which Kafka forgets some days after the group's
 * last commit, nor the replayed records themselves, which the input's retention deletes. So each transaction holds
 * some records and, in a compacted topic, a mark for each of them: both are there or neither is.
 */
export const replayLetters = async (context: ConnectedContext, choice: ReplayChoice): Promise<ReplayResult> => {
  const { admin, kafkajs: kafka, settings, crashPoint } = context
  requireInput(context, choice)
  await requireTopics(admin, [settings.deadLetterTopic])
  await ensureMarksTopic(context)
  const writer = await openReplayWriter({
    kafka,
    groupId: settings.groupId,
    marksTopic: marksTopic(settings),
    crashPoint,
  })
  try {
    let pending: Replay[] = []
    let pendingBytes = 0
    const flush = async (): Promise<void> => {
      if (pending.length === 0) return
      await writer.commit(pending)
      pending = []
      pendingBytes = 0
    }
    const result = await selectLetters(context, choice, async (replay, bytes) => {
      if (pending.length >= mostLetters || pendingBytes + bytes > mostBytes) await flush()
      pending.push(replay)
      pendingBytes += bytes
    })
    await flush()
    return result
  } finally {
    await writer.close()
  }
}

/** Finds the letters that a replay would send back, and gives each to `onReplay` with its size. */
export const selectLetters = async (
  context: ConnectedContext,
  choice: ReplayChoice,
  onReplay: (replay: Replay, bytes: number) => Promise<void> | void,
): Promise<ReplayResult> => {
  requireInput(context, choice)
  const partitionCounts = await readPartitionCounts(context.admin, inputTopics(context.settings))
  const marks = await readMarks(context)
  const replayed = new Map<string, number>()
  const skipped = new Map<SkipReason, { count: number; readonly examples: string[] }>()
  await readLetters(context, async (letter) => {
    const plan = planReplay(letter, choice, marks, partitionCounts)
    if (plan.kind === 'notChosen') return
    if (plan.kind === 'skip') {
      noteSkipped(skipped, plan.reason, letter)
      return
    }
    marks.add(plan.mark)
    replayed.set(letter.reason ?? '', (replayed.get(letter.reason ?? '') ?? 0) + 1)
    await onReplay(plan, (letter.key?.length ?? 0) + (letter.value?.length ?? 0))
  })
  return { replayed, skipped }
}

const requireInput = ({ settings }: ConnectedContext, { topic }: ReplayChoice): void => {
  const topics = inputTopics(settings)
  if (topic === undefined || topics.includes(topic)) return
  throw new UsageError(`expected a topic of INPUTS (${topics.join(', ')}), got ${topic}`)
}

const noteSkipped = (
  skipped: Map<SkipReason, { count: number; readonly examples: string[] }>,
  reason: SkipReason,
  { partition, offset }: DeadLetter,
): void => {
  const known = skipped.get(reason) ?? { count: 0, examples: [] }
  skipped.set(reason, known)
  known.count++
  if (known.examples.length < mostExamples) known.examples.push(`${partition}/${offset}`)
}
