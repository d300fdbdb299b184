import type { SettingsOf, SettingsTable } from '@kafka-etl/common'
import type { AnyDefinition, PipelineDefinition, Topic } from './definition.js'
import type { Fate } from './fate.js'
import type { StepRecord } from './record.js'
import { withoutPrototype } from './own-field.js'

/** What `pipeline.ts` exports. */
export type Pipeline<Table extends SettingsTable = SettingsTable> = {
  /** The pipeline's own settings, beside those of the services. */
  readonly settings: Table
  readonly findContradictions: FindContradictions<Table>
  readonly define: (settings: SettingsOf<Table>) => AnyDefinition
}

/** What does not fit together of settings that are right by themselves, a sentence each. Those that are not are absent. */
export type FindContradictions<Table extends SettingsTable> = (
  known: Partial<SettingsOf<Table>>,
  names: { readonly deadLetterTopic: string | undefined },
) => readonly string[]

/** Settings of a pipeline's own, by property name. */
export type PipelineOptions<Table extends SettingsTable> = {
  readonly settings: Table
  readonly findContradictions?: FindContradictions<Table>
}

type NoSettings = Readonly<Record<string, never>>

/* eslint-disable @typescript-eslint/no-explicit-any -- nothing is known of the values */
type UncheckedStep = (record: StepRecord<any>, tools: { readonly to: any }) => Fate
type UncheckedUpdateStep = { readonly update: (rows: any[], tools: any) => Fate }

/** A definition whose topics have any type: TypeScript cannot infer them behind a parameter without a type. */
export type UncheckedDefinition = Omit<AnyDefinition, 'topics' | 'steps'> & {
  readonly topics: Readonly<Record<string, Topic<any>>>
  readonly steps: Readonly<Record<string, UncheckedStep | UncheckedUpdateStep>>
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * Defines a pipeline: topics with their formats, and a step for each topic that is read. A field, a topic or a reason
 * that does not exist is a compile error.
 */
export function definePipeline<Values extends Record<string, unknown>, const Reason extends string = never>(
  definition: PipelineDefinition<Values, Reason>,
): Pipeline<NoSettings>
/**
 * The same for a pipeline that depends on settings of its own. TypeScript infers the types of topics only outside a
 * function whose parameter has no type, so hand the definition to `definePipeline` once more to have its fields checked:
 * `definePipeline({ settings }, (settings) => definePipeline({ … }))`.
 */
export function definePipeline<const Table extends SettingsTable>(
  options: PipelineOptions<Table>,
  define: (settings: SettingsOf<Table>) => Pipeline<NoSettings> | UncheckedDefinition,
): Pipeline<Table>
// The types above have checked what is cast here.
export function definePipeline(
  first: object,
  define?: (settings: SettingsOf<SettingsTable>) => Pipeline<NoSettings> | UncheckedDefinition,
): Pipeline {
  if (define === undefined)
    return { settings: {}, findContradictions: () => [], define: () => withOwnNames(first as AnyDefinition) }
  const { settings, findContradictions = () => [] } = first as PipelineOptions<SettingsTable>
  return {
    settings,
    findContradictions,
    define: (values) => {
      const defined = define(values)
      return 'define' in defined ? defined.define({}) : withOwnNames(defined as AnyDefinition)
    },
  }
}

/** Names are looked up in these: one that nobody has given, such as `constructor`, must not be found. */
const withOwnNames = (definition: AnyDefinition): AnyDefinition => ({
  ...definition,
  topics: withoutPrototype(definition.topics),
  steps: withoutPrototype(definition.steps),
})
