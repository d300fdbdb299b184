import { createWriteStream } from 'node:fs'
import { startChild, type Child, type ChildOptions, type Exit } from './child.js'
import { waitFor } from './wait-for.js'

/** A server that a test may kill and start again: the same command, ports and data each time. */
export type Server = {
  readonly name: string
  readonly pid: () => number
  /** SIGKILL; resolves when the process is gone. */
  readonly kill9: () => Promise<Exit>
  /** SIGSTOP */
  readonly pause: () => void
  /** SIGCONT */
  readonly resume: () => void
  /** Starts it again (after kill9) and resolves when it answers; one that ends at once is started again, as a supervisor would. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type ServerOptions = ChildOptions & {
  readonly logFile: string
  readonly isReady: () => Promise<boolean>
  readonly deadlineMs: number
}

const open = async (options: ServerOptions): Promise<Child> => {
  const child = await startChild(options)
  const log = createWriteStream(options.logFile, { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  void child.exit.then(() => log.end())
  return child
}

/** Starts a server and resolves when it answers. Its output is appended to `logFile`. */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  let child = await open(options)
  const awaitReady = (mayRestart: boolean): Promise<true> =>
    waitFor(
      async () => {
        if (child.hasEnded() && mayRestart) child = await open(options)
        return await options.isReady()
      },
      { what: `${options.name} to answer (see ${options.logFile})`, deadlineMs: options.deadlineMs },
    )
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
      child = await open(options)
      await awaitReady(true)
    },
    stop: async () => {
      await child.kill9()
    },
  }
}
