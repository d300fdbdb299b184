import { connectFormats, framesOf, hasRegisteredFormats, namesOfTopic, type AnyDefinition } from '@kafka-etl/pipeline'
import type { AnyValue, ValueDecoder } from '@kafka-etl/pipeline/registry'
import type { AdminContext } from './context.js'

export type ConnectedFormats = {
  readonly definition: AnyDefinition
  /** What to await before decoding a value of this topic; undefined: nothing. */
  readonly prepare: (topic: string, value: Buffer | null, key?: Buffer | null) => Promise<void> | undefined
  /**
   * For a pipeline with registered formats: decodes the values of other topics, and those of other schemas, as JSON.
   */
  readonly decodeAny: ((value: Buffer) => AnyValue) | undefined
}

type PrepareRecord = (record: {
  readonly key: Buffer | null
  readonly value: Buffer | null
}) => Promise<void> | undefined

const registryWaitMs = 5_000

/**
 * Connects the formats whose schemas are in a registry. `written` lists aliases of topics whose steps are rerun; their
 * schemas must exist already, since this registers nothing.
 */
export const connectPipelineFormats = async (
  { settings, logger, clock, pipeline }: AdminContext,
  written: readonly string[],
): Promise<ConnectedFormats> => {
  const { definition, prepareOf } = await connectFormats({
    definition: pipeline.definition,
    written,
    settings: { ...settings, registryAutoRegister: false },
    logger,
    clock,
    waitMs: registryWaitMs,
    stopping: new AbortController().signal,
  })
  const anyValue = hasRegisteredFormats(definition) ? await openDecoder({ settings, clock }) : undefined
  const prepares = new Map(
    Object.entries(definition.topics).flatMap(([alias, topic]) => {
      const prepare = prepareOf(alias)
      if (prepare === undefined) return []
      const prepareRecord: PrepareRecord = (record) => prepare(framesOf(topic, record))
      return namesOfTopic(topic).map((name) => [name, prepareRecord] as const)
    }),
  )
  return {
    definition,
    prepare: (topic, value, key = null) => {
      const prepare = prepares.get(topic)
      return prepare ? prepare({ key, value }) : anyValue?.prepare([key, value])
    },
    decodeAny: anyValue?.decode,
  }
}

// Its libraries are loaded only for a pipeline with schemas in a registry.
const openDecoder = async ({ settings, clock }: Pick<AdminContext, 'settings' | 'clock'>): Promise<ValueDecoder> => {
  const { createValueDecoder } = await import('@kafka-etl/pipeline/registry')
  return createValueDecoder({ settings, monotonicMs: clock.monotonicMs })
}
