import type { SettingsOf, SettingsTable } from '@kafka-etl/common'
import type { AnyDefinition, PipelineDefinition } from './definition.js'

/** What `pipeline.ts` exports. */
export type Pipeline<Table extends SettingsTable = SettingsTable> = {
  /** The pipeline's own settings, in one table with those of the services. */
  readonly settings: Table
  readonly define: (settings: SettingsOf<Table>) => AnyDefinition
}

type NoSettings = Readonly<Record<string, never>>

/**
 * Defines a pipeline: topics with their formats, and a step for each topic that is read. A field, a topic or a reason
 * that does not exist is a compile error.
 */
export function definePipeline<Values extends Record<string, unknown>, const Reason extends string = never>(
  definition: PipelineDefinition<Values, Reason>,
): Pipeline<NoSettings>
/**
 * The same for a pipeline that depends on settings of its own. TypeScript infers the types of topics only outside a
 * function whose parameter has no type, so hand the definition to `definePipeline` once more:
 * `definePipeline({ settings }, (settings) => definePipeline({ … }))`.
 */
export function definePipeline<const Table extends SettingsTable>(
  options: { readonly settings: Table },
  define: (settings: SettingsOf<Table>) => Pipeline<NoSettings>,
): Pipeline<Table>
// The types above have checked what is cast here.
export function definePipeline(
  first: object,
  define?: (settings: SettingsOf<SettingsTable>) => Pipeline<NoSettings>,
): Pipeline {
  if (define === undefined) return { settings: {}, define: () => first as AnyDefinition }
  const { settings } = first as { readonly settings: SettingsTable }
  return { settings, define: (values) => define(values).define({}) }
}
