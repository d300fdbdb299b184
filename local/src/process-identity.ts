import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { codeOf } from '@kafka-etl/common'

/** Identifies a process by its number and start time: a later process with the same number is a different one. */
export type ProcessIdentity = { readonly pid: number; readonly startedAt: string }

/** The identity of a living process; undefined if there is none, or only its zombie. */
export const identifyProcess = (pid: number): ProcessIdentity | undefined => {
  const startedAt = process.platform === 'linux' ? readStartTicks(pid) : askStartTime(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

/** Whether this very process lives, not another one with its number. */
export const isAlive = (identity: ProcessIdentity | undefined): boolean =>
  identity !== undefined && identifyProcess(identity.pid)?.startedAt === identity.startedAt

/** Sends a signal to this very process; does nothing if it is gone. */
export const signalProcess = (identity: ProcessIdentity, signal: NodeJS.Signals): void => {
  if (!isAlive(identity)) return
  try {
    process.kill(identity.pid, signal)
  } catch (error) {
    // It ended between the check and the signal.
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

/** The third and twenty-second fields of proc(5)'s stat; the second is a name that may contain spaces and brackets. */
export const parseStat = (stat: string): { readonly state: string; readonly startTicks: string } | undefined => {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks }
}

const readStartTicks = (pid: number): string | undefined => {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.startTicks
  } catch {
    return undefined
  }
}

const askStartTime = (pid: number): string | undefined => {
  try {
    const line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return line === '' || line.startsWith('Z') ? undefined : line.slice(line.indexOf(' ') + 1).trim()
  } catch {
    return undefined
  }
}
