import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from './process-identity.js'
import type { Exit } from './restart-policy.js'

/**
 * A part's last state according to its supervisor, in `$DATA_DIR/run/<part>.json`: all that `ps` and `down` rely on.
 */
export type PartState = {
  readonly name: string
  readonly supervisor: ProcessIdentity
  readonly child?: ProcessIdentity
  /** `pausing`: between an end and the next start. `done`, `failed`: ended, and not to be restarted. */
  readonly phase: 'starting' | 'running' | 'pausing' | 'done' | 'failed'
  readonly restarts: number
  readonly lastExit?: Exit
  readonly port: number
  /** Identifies the command and settings of the start: if it differs, the part must be restarted. */
  readonly fingerprint: string
}

const stateFile = (runDir: string, name: string): string => join(runDir, `${name}.json`)

/** Undefined if there is no state, or no complete one. */
export const readPartState = (runDir: string, name: string): PartState | undefined => {
  try {
    // Only a supervisor writes it, atomically by a rename.
    return JSON.parse(readFileSync(stateFile(runDir, name), 'utf8')) as PartState
  } catch {
    return undefined
  }
}

/** Synchronous on purpose: nothing may come between a child's start and the record of its identity. */
export const writePartState = (runDir: string, state: PartState): void => {
  mkdirSync(runDir, { recursive: true })
  const file = stateFile(runDir, state.name)
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}

export const removePartState = (runDir: string, name: string): void => rmSync(stateFile(runDir, name), { force: true })
