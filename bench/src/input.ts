import type { BenchContext } from './bench-context.js'

export type Input = {
  readonly topics: readonly [string, string]
  readonly partitionsPerTopic: number
  readonly count: number
}

let inputCount = 0

/** Writes two topics of logs, generated from the seed: good ones, or only logs that must be rejected. */
export const writeInput = async (
  { meter, settings, say }: BenchContext,
  kind: 'good' | 'bad',
  count: number,
  partitionsPerTopic = 1,
): Promise<Input> => {
  inputCount += 1
  const name = `${kind}-${inputCount}`
  const topics = [`${name}-new-york`, `${name}-paris`] as const
  for (const topic of topics) await meter.ask(`create ${topic} ${partitionsPerTopic}`)
  if (count === 0) return { topics, partitionsPerTopic, count }
  say(`writing ${count} ${kind} logs into two topics of ${partitionsPerTopic} partition(s)`)
  await meter.ask(`write ${topics.join(',')} ${partitionsPerTopic} ${count} ${settings.seed} ${kind}`)
  return { topics, partitionsPerTopic, count }
}

export const deleteTopics = async ({ meter }: BenchContext, topics: readonly string[]): Promise<void> => {
  await meter.ask(`delete ${topics.join(',')}`)
}
