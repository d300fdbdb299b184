import type { SettingsOf, SettingsTable } from '@kafka-etl/common'
import type { AnyDefinition, PipelineDefinition, Topic } from './definition.js'
import type { Fate } from './fate.js'
import type { StepRecord } from './record.js'
import { withoutPrototype } from './own-field.js'

/** The export of a `pipeline.ts`. */
export type Pipeline<Table extends SettingsTable = SettingsTable> = {
  /** The pipeline's own settings, besides those of the services. */
  readonly settings: Table
  readonly findContradictions: FindContradictions<Table>
  readonly define: (settings: SettingsOf<Table>) => AnyDefinition
}

/** The contradictions between valid settings, one sentence each. Invalid settings are absent. */
export type FindContradictions<Table extends SettingsTable> = (
  known: Partial<SettingsOf<Table>>,
  names: { readonly deadLetterTopic: string | undefined },
) => readonly string[]

/** The pipeline's own settings, by property name. */
export type PipelineOptions<Table extends SettingsTable> = {
  readonly settings: Table
  readonly findContradictions?: FindContradictions<Table>
}

type NoSettings = Readonly<Record<string, never>>

/* eslint-disable @typescript-eslint/no-explicit-any -- nothing is known of the values */
type UncheckedStep = (record: StepRecord<any>, tools: { readonly to: any }) => Fate
type UncheckedUpdateStep = { readonly update: (rows: any[], tools: any) => Fate }

/** A definition with topics of any type: TypeScript cannot infer their types behind an untyped parameter. */
export type UncheckedDefinition = Omit<AnyDefinition, 'topics' | 'steps'> & {
  readonly topics: Readonly<Record<string, Topic<any>>>
  readonly steps: Readonly<Record<string, UncheckedStep | UncheckedUpdateStep>>
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * Defines a pipeline: topics with their formats, and a step for each topic that it reads. A field, topic or reason that
 * does not exist is a compile error.
 */
export function definePipeline<Values extends Record<string, unknown>, const Reason extends string = never>(
  definition: PipelineDefinition<Values, Reason>,
): Pipeline<NoSettings>
/**
 * The same for a pipeline with its own settings. TypeScript infers the types of topics only outside a function with an
 * untyped parameter. To have the fields checked, pass the definition to `definePipeline` once more: `definePipeline({
 * settings }, (settings) => definePipeline({ … }))`.
 */
export function definePipeline<const Table extends SettingsTable>(
  options: PipelineOptions<Table>,
  define: (settings: SettingsOf<Table>) => Pipeline<NoSettings> | UncheckedDefinition,
): Pipeline<Table>
// The overloads above have checked what is cast here.
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

/**
 * Removes prototypes, since names are looked up in these objects: a name that nobody defined, such as `constructor`,
 * must not be found.
 */
const withOwnNames = (definition: AnyDefinition): AnyDefinition => ({
  ...definition,
  topics: withoutPrototype(definition.topics),
  steps: withoutPrototype(definition.steps),
})
