import { codeOf } from '@kafka-etl/common'
import { createContext, Script, type Context } from 'node:vm'

/** A step has not returned: the process has to end, because nothing else can run meanwhile. */
export class StepTimeoutError extends Error {
  override readonly name = 'StepTimeoutError'
  readonly offset: bigint
  constructor(topic: string, partition: number, offset: bigint, seconds: number) {
    super(
      `${topic}/${partition}/${offset}: expected its step to return within ${seconds} s (ETL_STEP_SECONDS), but it did not: exiting; when the record is met again, it is rejected as step_failed`,
    )
    this.offset = offset
  }
}

/** The record whose step is running, and since when. */
export type StepProgress = { offset: number; startedMs: number }

export type WatchedConversion = {
  readonly topic: string
  readonly partition: number
  readonly stepSeconds: number
  readonly monotonicMs: () => number
  readonly progress: StepProgress
}

/**
 * Runs a conversion, which calls steps. If it takes longer than a step may, V8 terminates it from a separate thread,
 * whatever the step does, and this throws a {@link StepTimeoutError}. If only the records together took longer, they
 * are converted again with more time. A step that waits in the operating system (`execSync`) is terminated only when it
 * returns.
 */
export const convertWatched = <Converted>(watched: WatchedConversion, convert: () => Converted): Converted => {
  const { topic, partition, stepSeconds, monotonicMs, progress } = watched
  const stepMs = stepSeconds * 1_000
  for (let timeoutMs = stepMs; ; timeoutMs *= 4) {
    const result = runForAtMost(convert, timeoutMs)
    if (result) return result.value
    // V8's timer may be slightly early.
    if (monotonicMs() - progress.startedMs >= stepMs - earlyMs) {
      throw new StepTimeoutError(topic, partition, BigInt(progress.offset), stepSeconds)
    }
  }
}

const earlyMs = 100

/** Created on first use: a context takes some memory. */
let context: Context | undefined
const script = new Script('work()')

/** Undefined if the work was terminated before it returned. */
const runForAtMost = <Result>(work: () => Result, timeoutMs: number): { readonly value: Result } | undefined => {
  context ??= createContext({})
  let result: { readonly value: Result } | undefined
  context.work = (): void => {
    result = { value: work() }
  }
  try {
    script.runInContext(context, { timeout: timeoutMs })
    return result
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw error
  } finally {
    delete context.work
  }
}
