import { spawn } from 'node:child_process'
import { closeSync, copyFileSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import type { Clock } from '@kafka-etl/common'
import { writePartState, type PartState } from './part-state.js'
import { identifyProcess, type ProcessIdentity } from './process-identity.js'
import { decideNextStep, describeExit, type Exit } from './restart-policy.js'

/** The argument of a supervisor: the process to keep alive, and where to record its state. */
export type SupervisedPart = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** True for a part that is done after exit code 0. */
  readonly hasEnd: boolean
  readonly port: number
  readonly fingerprint: string
  readonly runDir: string
  readonly logFile: string
}

export type SupervisorContext = {
  readonly supervisor: ProcessIdentity
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>
  /** Aborted when the part should stop for good. */
  readonly stopping: AbortSignal
}

/** A service has 10 s to end by itself (contract: shutdown); Kafka's controlled shutdown is as fast. */
const graceMs = 12_000
const largestLogBytes = 32 * 1024 * 1024
const logCheckMs = 5_000

/** Runs the part and restarts it when it dies. Returns when it is done, has failed for good, or should stop. */
export const supervise = async (part: SupervisedPart, context: SupervisorContext): Promise<void> => {
  const { clock, stopping, supervisor } = context
  const note = (state: Omit<PartState, 'name' | 'supervisor' | 'port' | 'fingerprint'>): void =>
    writePartState(part.runDir, {
      name: part.name,
      supervisor,
      port: part.port,
      fingerprint: part.fingerprint,
      ...state,
    })
  const logCheck = setInterval(() => boundLog(part.logFile), logCheckMs).unref()
  let pauseMs = 0
  let restarts = 0
  while (!stopping.aborted) {
    const startedMs = clock.monotonicMs()
    const exit = await runOnce(part, stopping, (child) => note({ phase: 'running', restarts, ...(child && { child }) }))
    if (isAborted(stopping)) break
    const ranMs = clock.monotonicMs() - startedMs
    const step = decideNextStep({ exit, ranMs, lastPauseMs: pauseMs, hasEnd: part.hasEnd })
    appendLog(part, `ended with ${describeExit(exit)} after ${(ranMs / 1000).toFixed(1)} s; ${describeStep(step)}`)
    if (!step.restart) {
      note({ phase: step.outcome, restarts, lastExit: exit })
      break
    }
    pauseMs = step.pauseMs
    restarts += 1
    note({ phase: 'pausing', restarts, lastExit: exit })
    await clock.sleep(pauseMs, stopping)
  }
  clearInterval(logCheck)
}

// A function, since the compiler assumes that what was false before an await is false after it.
const isAborted = (signal: AbortSignal): boolean => signal.aborted

const describeStep = (step: ReturnType<typeof decideNextStep>): string => {
  if (step.restart) return `restarting it in ${step.pauseMs} ms`
  return step.outcome === 'done' ? 'it is done' : 'not restarting it: a restart does not fix wrong settings'
}

const runOnce = (
  part: SupervisedPart,
  stopping: AbortSignal,
  onStart: (child: ProcessIdentity | undefined) => void,
): Promise<Exit> =>
  new Promise((resolve) => {
    // The child writes to the file itself: the death of its supervisor breaks no pipe.
    const log = openSync(part.logFile, 'a')
    const child = spawn(part.command, part.args, { stdio: ['ignore', log, log] })
    onStart(child.pid === undefined ? undefined : identifyProcess(child.pid))
    closeSync(log)
    let killer: NodeJS.Timeout | undefined
    const stop = (): void => {
      child.kill('SIGTERM')
      killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    }
    const end = (exit: Exit): void => {
      clearTimeout(killer)
      stopping.removeEventListener('abort', stop)
      resolve(exit)
    }
    stopping.addEventListener('abort', stop)
    child.once('exit', (code, signal) => end({ code, signal }))
    child.once('error', (error) => {
      appendLog(part, `could not be started: ${error.message}`)
      if (child.pid === undefined) end({ code: 127, signal: null })
    })
  })

const appendLog = ({ logFile, name }: SupervisedPart, message: string): void => {
  const log = openSync(logFile, 'a')
  writeSync(log, `[supervisor] ${name} ${message}\n`)
  closeSync(log)
}

// Copy and truncate, do not rename: the child keeps its open file, and appends to what is left.
const boundLog = (logFile: string): void => {
  try {
    if (statSync(logFile).size <= largestLogBytes) return
    copyFileSync(logFile, `${logFile}.1`)
    truncateSync(logFile)
  } catch {
    // If a log cannot be truncated now (a full disk), the next check tries again.
  }
}
