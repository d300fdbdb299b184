import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'

/** A process to measure. Its output goes to a file. */
export type Command = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

export type Child = {
  readonly pid: number
  readonly logFile: string
  /** The exit code once it has ended; -1 after a signal. */
  readonly exit: Promise<number>
  readonly hasEnded: () => boolean
  /** Sends SIGTERM, then SIGKILL to the whole process group after a while. */
  readonly stop: () => Promise<void>
}

const stopDeadlineMs = 10_000
const running = new Set<number>()

/** Ends everything at once that this benchmark has started and not yet stopped. */
export const killAll = (): void => {
  for (const pid of running) signalGroup(pid, 'SIGKILL')
}

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal)
  } catch {
    // The whole group has ended.
  }
}

/** Starts a command in a new process group. Its environment contains only PATH, HOME and the given variables. */
export const startChild = async (
  { command, args, cwd, environment }: Command,
  logFile: string,
  stdio: 'file' | 'pipe' = 'file',
): Promise<Child & { readonly process: ReturnType<typeof spawn> }> => {
  const log = openSync(logFile, 'a')
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: stdio === 'pipe' ? ['pipe', 'pipe', log] : ['ignore', log, log],
    detached: true,
  })
  await once(child, 'spawn')
  closeSync(log)
  const { pid } = child
  if (pid === undefined) throw new Error(`expected ${command} to start, got no process id`)
  running.add(pid)
  let ended = false
  const exit = new Promise<number>((resolve) => {
    child.once('exit', (code) => {
      ended = true
      running.delete(pid)
      resolve(code ?? -1)
    })
  })
  const stop = async (): Promise<void> => {
    if (!ended) child.kill('SIGTERM')
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), stopDeadlineMs)
    await exit
    clearTimeout(timer)
    signalGroup(pid, 'SIGKILL')
  }
  return { pid, logFile, exit, hasEnded: () => ended, stop, process: child }
}
