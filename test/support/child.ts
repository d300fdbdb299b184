import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { guard, release } from './guardian.js'
import { endAfterTests } from './leftovers.js'
import { within } from './wait-for.js'

/** How a process ended: by an exit code or by a signal. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A running process that ends with the test run. */
export type Child = {
  readonly name: string
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the process has ended and its output is read. */
  readonly exit: Promise<Exit>
  readonly hasEnded: () => boolean
  /** SIGKILL; resolves when the process is gone. */
  readonly kill9: () => Promise<Exit>
  /** SIGSTOP: the process stands still, its connections stay open. */
  readonly pause: () => void
  /** SIGCONT */
  readonly resume: () => void
  /** SIGTERM, and SIGKILL when it has not ended after `deadlineMs` (15,000). */
  readonly terminate: (deadlineMs?: number) => Promise<Exit>
}

export type ChildOptions = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a process with nothing in its environment but PATH, HOME and what is given. */
export const startChild = async ({ name, command, args, cwd, environment }: ChildOptions): Promise<Child> => {
  const child = spawn(command, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error(`Expected ${name} to start, got no process id (${command})`)
  guard(pid)
  child.stdin.on('error', () => undefined)
  let ended = false
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', () => {
      ended = true
      release(pid)
    })
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const forget = endAfterTests(() => {
    if (!ended) process.kill(pid, 'SIGKILL')
    return exit
  })
  void exit.then(forget)
  const send = (signal: NodeJS.Signals): void => {
    if (!ended) process.kill(pid, signal)
  }
  const kill9 = (): Promise<Exit> => {
    send('SIGKILL')
    return exit
  }
  const terminate = async (deadlineMs = 15_000): Promise<Exit> => {
    send('SIGTERM')
    return within(exit, { what: `${name} to end after SIGTERM`, deadlineMs }).catch(kill9)
  }
  return {
    name,
    pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    hasEnded: () => ended,
    kill9,
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    terminate,
  }
}
