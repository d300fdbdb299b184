import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Environment } from '@kafka-etl/common'
import type { Folders } from './folders.js'
import type { Part } from './part.js'
import { readPartState, removePartState, writePartState, type PartState } from './part-state.js'
import { identifyProcess, isAlive, signalProcess, type ProcessIdentity } from './process-identity.js'
import type { SupervisedPart } from './supervisor.js'

/** A supervisor grants its child 12 s; after these, it is ended itself. */
const supervisorGraceMs = 15_000
const orphanGraceMs = 12_000
const lookMs = 50

export const logFileOf = (folders: Folders, name: string): string => join(folders.log, `${name}.log`)

/** The last known states of all parts that were started and not taken down since. */
export const readPartStates = (folders: Folders): readonly PartState[] => {
  mkdirSync(folders.run, { recursive: true })
  return readdirSync(folders.run)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => readPartState(folders.run, file.slice(0, -'.json'.length)) ?? [])
}

/** Whether its supervisor is alive. */
export const isSupervised = (state: PartState | undefined): state is PartState =>
  state !== undefined && isAlive(state.supervisor)

/** Starts a part under a new supervisor, which outlives this process and its terminal. */
export const startPart = (
  { node, folders, environment }: { node: string; folders: Folders; environment: Environment },
  part: Part,
  partFingerprint: string,
): void => {
  mkdirSync(folders.log, { recursive: true })
  const logFile = logFileOf(folders, part.name)
  const supervised: SupervisedPart = {
    name: part.name,
    command: part.command,
    args: part.args,
    hasEnd: part.hasEnd,
    port: part.port,
    fingerprint: partFingerprint,
    runDir: folders.run,
    logFile,
  }
  const entry = fileURLToPath(new URL('supervisor-main.js', import.meta.url))
  const log = openSync(logFile, 'a')
  const supervisor = spawn(node, [entry, JSON.stringify(supervised)], {
    cwd: part.workingFolder,
    detached: true,
    env: { ...environment, ...part.environment },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  supervisor.unref()
  const identity = supervisor.pid === undefined ? undefined : identifyProcess(supervisor.pid)
  if (identity === undefined) throw new Error(`${part.name}: its supervisor could not be started; see ${logFile}`)
  const state = { name: part.name, port: part.port, fingerprint: partFingerprint, restarts: 0 }
  // Unless the supervisor was faster and has recorded its child already.
  if (!isSameProcess(readPartState(folders.run, part.name)?.supervisor, identity)) {
    writePartState(folders.run, { ...state, supervisor: identity, phase: 'starting' })
  }
}

const isSameProcess = (left: ProcessIdentity | undefined, right: ProcessIdentity): boolean =>
  left?.pid === right.pid && left.startedAt === right.startedAt

/**
 * Stops a part with all its processes: its supervisor, and a child that a killed supervisor has left behind. If a
 * process number now belongs to another process, that one is left alone.
 */
export const stopPart = async (folders: Folders, { name, supervisor }: PartState): Promise<void> => {
  await endProcess(supervisor, supervisorGraceMs)
  // Read again: it may have started another child since.
  const { child } = readPartState(folders.run, name) ?? {}
  if (child) await endProcess(child, orphanGraceMs)
  removePartState(folders.run, name)
}

const endProcess = async (identity: ProcessIdentity, graceMs: number): Promise<void> => {
  signalProcess(identity, 'SIGTERM')
  if (await isGoneWithin(identity, graceMs)) return
  signalProcess(identity, 'SIGKILL')
  await isGoneWithin(identity, orphanGraceMs)
}

const isGoneWithin = async (identity: ProcessIdentity, graceMs: number): Promise<boolean> => {
  const deadlineMs = performance.now() + graceMs
  while (isAlive(identity)) {
    if (performance.now() > deadlineMs) return false
    await sleepFor(lookMs)
  }
  return true
}
