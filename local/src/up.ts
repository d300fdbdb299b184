import type { Clock } from '@kafka-etl/common'
import { isAwaited } from './part.js'
import { isUp, type PartStatus } from './part-status.js'
import type { Results } from './results.js'
import type { StackPipeline } from './stack-pipeline.js'
import type { Runtime, RuntimeContext } from './runtime.js'
import { StackError } from './stack-error.js'

const lookMs = 300
const logLines = 20

export type UpContext = RuntimeContext & {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>
  readonly pipeline: StackPipeline
  readonly readRows: (file: string) => Promise<Results | undefined>
}

/**
 * Starts the stack, and waits until every part is healthy and the awaited result has its first rows. Resolves to them,
 * or to undefined for a pipeline without results.
 */
export const bringUp = async (runtime: Runtime, context: UpContext): Promise<Results | undefined> => {
  const file = context.pipeline.results.find(({ isAwaited }) => isAwaited)?.file
  await runtime.start(context.pipeline)
  const deadlineMs = context.clock.monotonicMs() + context.settings.upSeconds * 1000
  let shown = ''
  for (;;) {
    const parts = await runtime.readStatus()
    const pending = findPending(parts)
    if (pending.length === 0) {
      if (file === undefined) return undefined
      const rows = await context.readRows(file)
      if (rows && rows.count > 0) return rows
    }
    const line = describePending(pending, file)
    if (line !== shown) context.say(line)
    shown = line
    const failed = parts.find(({ name, state }) => isAwaited(name) && state === 'failed')
    if (failed) throw new StackError(await describeFailure(runtime, [failed], 'will not become healthy'))
    if (context.clock.monotonicMs() > deadlineMs) {
      throw new StackError(await describeTimeout(runtime, pending, context.settings.upSeconds, file))
    }
    await context.clock.sleep(lookMs)
  }
}

/** The parts that are not up; a missing part counts, too. */
export const findPending = (parts: readonly PartStatus[]): readonly PartStatus[] => {
  const missing = ['zookeeper', 'kafka', 'producer', 'etl', 'reader'].filter(
    (kind) => !parts.some(({ name }) => name === kind || name.startsWith(`${kind}-`)),
  )
  const absent = missing.map((name): PartStatus => ({ name, state: 'stopped', health: '-', process: '-' }))
  return [...parts.filter((part) => isAwaited(part.name) && !isUp(part)), ...absent]
}

const describePending = (pending: readonly PartStatus[], file: string | undefined): string =>
  pending.length === 0
    ? `All parts are healthy; waiting for the first rows in ${file ?? 'no file'}`
    : `Waiting for ${pending.map(({ name }) => name).join(', ')}`

const describeTimeout = (
  runtime: Runtime,
  pending: readonly PartStatus[],
  seconds: number,
  file: string | undefined,
): Promise<string> =>
  pending.length === 0
    ? describeFailure(
        runtime,
        [],
        `${file ?? 'The results'} had no rows after ${seconds} s, though every part is healthy`,
      )
    : describeFailure(runtime, pending, `not healthy after ${seconds} s (UP_SECONDS)`)

const describeFailure = async (runtime: Runtime, parts: readonly PartStatus[], problem: string): Promise<string> => {
  if (parts.length === 0) return `${problem}. \`make logs\` shows what the parts do.`
  const reports = parts.map(async ({ name, state, reason }) => {
    const lines = await runtime.readLastLogLines(name, logLines).catch(() => [])
    const log = lines.map((line) => `    ${line}\n`).join('')
    return `${name} is ${problem}: ${state}${reason === undefined ? '' : `, ${reason}`}. The end of its log:\n${log}`
  })
  return (await Promise.all(reports)).join('')
}
