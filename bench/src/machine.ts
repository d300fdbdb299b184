import { execFile } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The machine of the measurements. */
export type Machine = {
  readonly processors: string
  readonly memoryGib: number
  readonly kernel: string
  readonly node: string
  readonly java: string
}

export const describeMachine = async (): Promise<Machine> => {
  const java = await run('java', ['-version'])
  return {
    processors: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    java: /version "([^"]+)"/.exec(java.stderr)?.[1] ?? 'unknown',
  }
}
