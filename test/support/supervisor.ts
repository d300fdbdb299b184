import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from './child.js'
import { endAfterTests } from './leftovers.js'
import { startServiceProcess, type LogLine, type ServiceOptions, type ServiceProcess } from './service-process.js'
import { waitFor } from './wait-for.js'

/**
 * A service that is restarted whenever it ends, as in the stack; but not after exit code 2, nor after a producer's exit
 * code 0.
 */
export type SupervisedService = {
  readonly current: () => ServiceProcess
  /** How each run ended, in order. */
  readonly exits: readonly Exit[]
  /** The lines of every run, in order. */
  readonly lines: () => readonly LogLine[]
  readonly kill9: () => Promise<void>
  /** Ends the supervision and sends SIGTERM to the service; resolves to its exit. */
  readonly stop: () => Promise<Exit>
  /** Resolves when the service has ended and will not be restarted. */
  readonly finished: Promise<Exit>
}

export type SupervisedOptions = ServiceOptions & {
  readonly restartPauseMs?: number
  /** Additional environment for the n-th run (from 1), such as a crash point only for the first run. */
  readonly environmentOf?: (run: number) => Readonly<Record<string, string>>
}

const isFinal = (options: SupervisedOptions, { code }: Exit): boolean =>
  code === 2 || (options.service === 'producer' && code === 0)

/** Sends SIGTERM once the service handles it: from its first line on. A process that is still loading would be killed. */
const terminateOnceStarted = async (service: ServiceProcess): Promise<void> => {
  await waitFor(() => service.lines.length > 0 || service.hasEnded(), { what: 'the first line of the service' })
  await service.terminate()
}

/** Starts a service under supervision. Every run uses the folder of the first. */
export const superviseService = async (options: SupervisedOptions): Promise<SupervisedService> => {
  const runs: ServiceProcess[] = []
  const exits: Exit[] = []
  let isStopping = false
  const start = async (folder: string | undefined): Promise<ServiceProcess> => {
    const environment = { ...options.environment, ...options.environmentOf?.(runs.length + 1) }
    const service = await startServiceProcess({ ...options, environment, ...(folder === undefined ? {} : { folder }) })
    runs.push(service)
    return service
  }
  let current = await start(options.folder)
  const supervise = async (): Promise<Exit> => {
    for (;;) {
      const exit = await current.exit
      exits.push(exit)
      if (isStopping || isFinal(options, exit)) return exit
      await sleep(options.restartPauseMs ?? 200)
      // The stop may have come during the pause.
      if (isStopped()) return exit
      current = await start(current.folder)
      if (isStopped()) await terminateOnceStarted(current)
    }
  }
  const isStopped = (): boolean => isStopping
  const finished = supervise()
  const stop = async (): Promise<Exit> => {
    isStopping = true
    current.resume()
    await terminateOnceStarted(current)
    return finished
  }
  const forget = endAfterTests(() => {
    isStopping = true
    return current.kill9()
  })
  void finished.then(forget)
  return {
    current: () => current,
    exits,
    lines: () => runs.flatMap((run) => run.lines),
    kill9: async () => {
      await current.kill9()
    },
    stop,
    finished,
  }
}
