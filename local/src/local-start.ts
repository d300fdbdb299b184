import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import { formatBrokerFiles, waitForBroker, writeBrokerFiles } from './broker-files.js'
import { newestModification, readIfPresent } from './file-age.js'
import { fingerprint } from './fingerprint.js'
import { ensureJars } from './jars.js'
import { isService, planBroker, planEtlPorts, planServices, type Part } from './part.js'
import { isSupervised, readPartStates, startPart } from './part-control.js'
import type { PartState } from './part-state.js'
import { findTakenPorts, isPortFree } from './port.js'
import type { RuntimeContext } from './runtime.js'
import { StackError } from './stack-error.js'

export type LocalContext = RuntimeContext & { readonly node: string; readonly print: (line: string) => void }

/** A part as it should run, and the mark of that. */
type PlannedPart = { readonly part: Part; readonly mark: string }

/**
 * Starts what is not running, and anew what runs with other settings or older code; stops instances that are too many.
 * Kafka serves before the services are started. A port that is taken is named before anything starts.
 */
export const startLocalStack = async (
  context: LocalContext,
  stopAll: (states: readonly PartState[]) => Promise<void>,
): Promise<void> => {
  const { folders, settings } = context
  await ensureJars(join(folders.root, 'local', 'pom.xml'), folders.jars, context.say)
  mkdirSync(folders.results, { recursive: true })
  const states = new Map(readPartStates(folders).map((state) => [state.name, state]))
  const environment = serviceEnvironment(context)
  const planned = await planParts(context, states, environment)
  const missing = planned.filter(({ part, mark }) => {
    const state = states.get(part.name)
    return !isSupervised(state) || state.fingerprint !== mark
  })
  const surplus = [...states.values()].filter(({ name }) => !planned.some(({ part }) => part.name === name))
  await stopAll([...surplus, ...missing.flatMap(({ part }) => states.get(part.name) ?? [])])
  const faults = await findTakenPorts(missing.map(({ part }) => part))
  if (faults.length > 0) throw new StackError(faults.join('\n'))
  writeBrokerFiles(folders, settings)
  const start = ({ part, mark }: PlannedPart): void =>
    startPart({ node: context.node, folders, environment }, part, mark)
  missing.filter(({ part }) => !isService(part.kind)).forEach(start)
  await waitForBroker(folders, settings)
  missing.filter(({ part }) => isService(part.kind)).forEach(start)
}

const planParts = async (
  context: LocalContext,
  states: ReadonlyMap<string, PartState>,
  environment: Environment,
): Promise<readonly PlannedPart[]> => {
  const { folders, settings } = context
  const etlPorts = await planEtlPorts(settings, async (name, port) => {
    const state = states.get(name)
    return (isSupervised(state) && state.port === port) || isPortFree(port)
  })
  const parts = [...planBroker(folders, settings), ...planServices(context.node, folders, settings, etlPorts)]
  return parts.map((part) => ({ part, mark: markOf(context, part, environment) }))
}

/** What a part is made of, its code included: a rebuilt service is started anew. */
const markOf = ({ folders, settings, dotenv }: LocalContext, part: Part, environment: Environment): string => {
  const command = [part.command, ...part.args]
  if (!isService(part.kind)) {
    return fingerprint(
      command,
      [...Object.values(formatBrokerFiles(folders, settings)), readIfPresent(join(folders.jars, 'pom.xml'))],
      {},
    )
  }
  const code = ['common-src', `${part.kind}-src`].map((folder) =>
    newestModification(join(folders.root, folder, 'dist')),
  )
  return fingerprint(command, code.map(String), { ...dotenv, ...environment, ...part.environment })
}

/** Readable logs unless told otherwise; the stack's own broker, whatever the rest says. */
const serviceEnvironment = ({ environment, dotenv }: LocalContext): Environment => ({
  ...environment,
  ...(environment.LOG_FORMAT || dotenv.LOG_FORMAT ? {} : { LOG_FORMAT: 'pretty' }),
})
