import { setTimeout as sleepFor } from 'node:timers/promises'
import { startLoggedChild, type Child, type ChildOptions, type Exit } from './child.js'

/** A server that can be killed and restarted with the same command, ports and data. */
export type Server = {
  readonly name: string
  readonly pid: () => number
  /** Sends SIGKILL; resolves when the process is gone. */
  readonly kill9: () => Promise<Exit>
  /** Sends SIGSTOP. */
  readonly pause: () => void
  /** Sends SIGCONT. */
  readonly resume: () => void
  /**
   * Restarts it (after kill9); resolves when it responds. If it ends at once, it is started again, as a supervisor
   * would do.
   */
  readonly restart: () => Promise<void>
  /** Sends SIGKILL to a server whose data is not needed any more. */
  readonly stop: () => Promise<void>
}

export type LoggedChildOptions = ChildOptions & { readonly logFile: string }

export type ServerOptions = LoggedChildOptions & {
  /** Returns false, or rejects, while the server does not respond. */
  readonly isReady: () => Promise<boolean>
  readonly deadlineMs: number
  /** Starts the process; the default is {@link startLoggedChild}. */
  readonly launch?: (options: LoggedChildOptions) => Promise<Child>
}

const lookMs = 50

/** Starts a server; resolves when it responds. Appends its output to `logFile`. */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const launch = options.launch ?? startLoggedChild
  let child = await launch(options)
  const awaitReady = async (mayRestart: boolean): Promise<void> => {
    const deadlineMs = performance.now() + options.deadlineMs
    for (;;) {
      if (child.hasEnded() && mayRestart) child = await launch(options)
      const answer = await options.isReady().catch(messageOf)
      if (answer === true) return
      if (performance.now() > deadlineMs || (child.hasEnded() && !mayRestart)) {
        throw new Error(describeSilence(options, child, answer))
      }
      await sleepFor(lookMs)
    }
  }
  try {
    await awaitReady(false)
  } catch (error) {
    await child.kill9()
    throw error
  }
  return {
    name: options.name,
    pid: () => child.pid,
    kill9: () => child.kill9(),
    pause: () => child.pause(),
    resume: () => child.resume(),
    restart: async () => {
      if (!child.hasEnded())
        throw new Error(`Expected ${options.name} to be dead before its restart, got process ${child.pid} alive`)
      child = await launch(options)
      await awaitReady(true)
    },
    stop: async () => {
      await child.kill9()
    },
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const describeSilence = (options: ServerOptions, child: Child, answer: false | string): string => {
  const got = child.hasEnded() ? 'its end' : answer === false ? 'no answer' : answer
  return `Expected ${options.name} to answer within ${options.deadlineMs / 1000} s, got ${got}; see ${options.logFile}`
}
