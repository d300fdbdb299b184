import type { Clock, Logger, RegistrySettings } from '@kafka-etl/common'
import { connectFormats, type AnyDefinition, type PrepareValues } from '@kafka-etl/pipeline'
import type { ResultPlan } from './result-plan.js'

/** A plan whose format is bound to its registry, and what to await before reading its values. */
export type ConnectedPlan = { readonly plan: ResultPlan; readonly prepare: PrepareValues | undefined }

export type ConnectPlan = (plan: ResultPlan, stopping: AbortSignal) => Promise<ConnectedPlan>

/** For a single topic without a pipeline. */
export const leaveUnconnected: ConnectPlan = (plan) => Promise.resolve({ plan, prepare: undefined })

type ConnectContext = {
  readonly settings: RegistrySettings & { readonly kafkaWaitSeconds: number }
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly clock: Clock
}

/** For the results of this pipeline. It asks a registry only if there are registered formats. */
export const createConnectPlan =
  (definition: AnyDefinition, { settings, logger, clock }: ConnectContext): ConnectPlan =>
  async (plan, stopping) => {
    const waitMs = settings.kafkaWaitSeconds * 1000
    const connected = await connectFormats({ definition, written: [], settings, logger, clock, waitMs, stopping })
    const alias = Object.keys(definition.topics).find((name) => definition.topics[name]?.value === plan.format)
    const format = alias === undefined ? plan.format : connected.definition.topics[alias]?.value
    return { plan: { ...plan, format }, prepare: alias === undefined ? undefined : connected.prepareOf(alias) }
  }
