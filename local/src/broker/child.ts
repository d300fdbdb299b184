import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { guard, release } from './guardian.js'

/** How a process ended: by an exit code or by a signal. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A running process that never outlives this one, however this one ends. */
export type Child = {
  readonly name: string
  readonly pid: number
  /** Resolves when the process has ended and its output is read. */
  readonly exit: Promise<Exit>
  readonly hasEnded: () => boolean
  /** Sends SIGKILL; resolves when the process is gone. */
  readonly kill9: () => Promise<Exit>
  /** Sends SIGSTOP: the process pauses, its connections stay open. */
  readonly pause: () => void
  /** Sends SIGCONT. */
  readonly resume: () => void
  /** Sends SIGTERM, then SIGKILL if it has not ended after `deadlineMs` (15,000). */
  readonly terminate: (deadlineMs?: number) => Promise<Exit>
}

/** A child whose standard streams are pipes. */
export type PipedChild = Child & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

export type ChildOptions = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a process with pipes. Its environment contains only PATH, HOME and the given variables. */
export const startPipedChild = async (options: ChildOptions): Promise<PipedChild> => {
  const child = spawn(options.command, options.args, { ...spawnOptions(options), stdio: ['pipe', 'pipe', 'pipe'] })
  await once(child, 'spawn')
  child.stdin.on('error', () => undefined)
  return { ...control(options.name, child), stdin: child.stdin, stdout: child.stdout, stderr: child.stderr }
}

/** Starts a process with its output in a file. Its environment contains only PATH, HOME and the given variables. */
export const startLoggedChild = async (options: ChildOptions & { readonly logFile: string }): Promise<Child> => {
  const log = openSync(options.logFile, 'a')
  const child = spawn(options.command, options.args, { ...spawnOptions(options), stdio: ['ignore', log, log] })
  closeSync(log)
  await once(child, 'spawn')
  return control(options.name, child)
}

const spawnOptions = ({ cwd, environment }: ChildOptions) => ({
  ...(cwd === undefined ? {} : { cwd }),
  env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
})

const control = (name: string, child: ReturnType<typeof spawn>): Child => {
  const { pid } = child
  if (pid === undefined) throw new Error(`Expected ${name} to start, got no process id (${child.spawnfile})`)
  guard(pid)
  let ended = false
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', () => {
      ended = true
      release(pid)
    })
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const send = (signal: NodeJS.Signals): void => {
    if (!ended) process.kill(pid, signal)
  }
  const kill9 = (): Promise<Exit> => {
    send('SIGKILL')
    return exit
  }
  const terminate = async (deadlineMs = 15_000): Promise<Exit> => {
    send('SIGTERM')
    const deadline = new AbortController()
    const late = sleepFor(deadlineMs, 'late' as const, { signal: deadline.signal }).catch(() => 'late' as const)
    const first = await Promise.race([exit, late])
    deadline.abort()
    return first === 'late' ? kill9() : first
  }
  return {
    name,
    pid,
    exit,
    hasEnded: () => ended,
    kill9,
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    terminate,
  }
}
