import { inputTopics, requireTopics } from '../topics.js'
import type { ConnectedContext } from '../context.js'
import { UsageError } from '../report.js'
import { readBatchLimits } from './batch-limits.js'
import { coordinatesOf, planReplay, type ReplayChoice, type ReplayPlan } from './plan-replay.js'
import { readLetters } from './read-letters.js'
import { requireReasons } from './reasons.js'
import { ensureMarksTopic, marksTopic, readMarks } from './replay-marks.js'
import { createReplayTally, type ReplayResult, type ReplayTally } from './replay-result.js'
import { fitsIntoBatch, openReplayWriter, type Replay, type ReplayWriter } from './replay-writer.js'

/** The letters of one transaction. It is small, since an input waits for its end. */
const mostLetters = 200
const mostBytes = 512 * 1024

/**
 * Replays letters, each exactly once, whatever is killed and when. What was replayed must be known for as long as the
 * letters exist. A group's offsets do not suffice, since Kafka forgets them some days after the group's last commit;
 * the replayed records do not either, since the input's retention deletes them. Each transaction therefore contains
 * some records and, in a compacted topic, a mark for each of them: either both exist, or neither does.
 */
export const replayLetters = async (context: ConnectedContext, choice: ReplayChoice): Promise<ReplayResult> => {
  const { admin, kafka, clock, settings, crashPoint } = context
  requireInput(context, choice)
  await requireTopics(admin, [settings.deadLetterTopic])
  await ensureMarksTopic(context)
  const batchLimit = await readBatchLimits(context)
  const { groupId } = settings
  const writer = await openReplayWriter({
    kafka,
    clock,
    groupId,
    marksTopic: marksTopic(settings),
    crashPoint,
    batchLimit,
  })
  const tally = createReplayTally()
  try {
    let pending: Replay[] = []
    let pendingBytes = 0
    const flush = async (): Promise<void> => {
      const replays = pending
      pending = []
      pendingBytes = 0
      await sendOrSplit(writer, replays, tally)
    }
    await selectLetters(context, choice, tally, async (replay) => {
      const bytes = sizeOf(replay)
      if (pending.length >= mostLetters || pendingBytes + bytes > mostBytes) await flush()
      pending.push(replay)
      pendingBytes += bytes
    })
    await flush()
    return tally
  } finally {
    await writer.close()
  }
}

/** `replay --dry-run`: what would be sent and what would be skipped. */
export const planReplays = async (context: ConnectedContext, choice: ReplayChoice): Promise<ReplayResult> => {
  const tally = createReplayTally()
  await selectLetters(context, choice, tally, ({ letter }) => tally.noteReplayed(letter))
  return tally
}

/**
 * Sends all in one transaction. If the broker refuses a record, sends each half separately: one letter holds up no
 * other.
 */
const sendOrSplit = async (writer: ReplayWriter, replays: readonly Replay[], tally: ReplayTally): Promise<void> => {
  const [first] = replays
  if (first === undefined) return
  const refusal = await writer.commit(replays)
  if (refusal === undefined) {
    for (const { letter } of replays) tally.noteReplayed(letter)
  } else if (replays.length === 1) {
    tally.noteLeft('refused', coordinatesOf(first.letter), refusal)
  } else {
    const half = Math.ceil(replays.length / 2)
    await sendOrSplit(writer, replays.slice(0, half), tally)
    await sendOrSplit(writer, replays.slice(half), tally)
  }
}

/** Finds the letters to replay, passes each to `onReplay`, and notes the skipped ones. */
const selectLetters = async (
  context: ConnectedContext,
  choice: ReplayChoice,
  tally: ReplayTally,
  onReplay: (replay: Replay) => Promise<void> | void,
): Promise<void> => {
  requireInput(context, choice)
  const partitionCounts = await context.admin.readPartitionCounts(inputTopics(context.pipeline))
  const batchLimit = await readBatchLimits(context)
  const marks = await readMarks(context)
  const missing = new Set(choice.letters.map(coordinatesOf))
  let left = choice.limit ?? Number.POSITIVE_INFINITY
  await readLetters(context, async (letter) => {
    missing.delete(coordinatesOf(letter))
    if (left === 0) return
    const plan = withinLimit(planReplay(letter, choice, marks, partitionCounts), batchLimit)
    if (plan.kind === 'skip') tally.noteLeft(plan.reason, coordinatesOf(letter), plan.detail)
    if (plan.kind !== 'send') return
    left--
    marks.add(plan.mark)
    await onReplay({ letter, record: plan.record, mark: plan.mark })
  })
  for (const coordinates of missing) tally.noteLeft('notFound', coordinates)
}

const withinLimit = (plan: ReplayPlan, batchLimit: (topic: string) => number): ReplayPlan => {
  if (plan.kind !== 'send') return plan
  const { topic } = plan.record
  const limitBytes = batchLimit(topic)
  if (fitsIntoBatch(plan.record, limitBytes)) return plan
  return { kind: 'skip', reason: 'tooLarge', detail: `${topic} takes ${limitBytes} bytes` }
}

const sizeOf = ({ record: { key, value, headers } }: Replay): number =>
  headers.reduce(
    (sum, header) => sum + header.key.length + (header.value?.length ?? 0),
    (key?.length ?? 0) + (value?.length ?? 0),
  )

const requireInput = ({ pipeline }: ConnectedContext, { topic, reasons }: ReplayChoice): void => {
  requireReasons(pipeline, reasons)
  const topics = inputTopics(pipeline)
  if (topic === undefined || topics.includes(topic)) return
  throw new UsageError(`expected a topic that the pipeline reads (${topics.join(', ')}), got ${topic}`)
}
