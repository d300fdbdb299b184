import type { AnyDefinition, Topic } from '../definition.js'
import type { RegisteredSchema } from '../schemas/registered-schema.js'
import { namesOfTopic } from '../topology.js'
import { withoutPrototype } from '../own-field.js'

/** The part of a record that has a schema in a registry. */
export type RecordPart = 'key' | 'value'

export type RegisteredTopic = {
  readonly alias: string
  readonly part: RecordPart
  readonly topic: string
  readonly subject: string
  readonly schema: RegisteredSchema
}

/** The registry subject for the schema of a topic's keys or values (Confluent's TopicNameStrategy). */
export const subjectOf = (topic: string, part: RecordPart = 'value'): string => `${topic}-${part}`

export const listRegisteredTopics = ({ topics }: AnyDefinition): readonly RegisteredTopic[] =>
  Object.entries(topics).flatMap(([alias, topic]) =>
    partsOf(topic).flatMap(({ part, registered }) =>
      namesOfTopic(topic).map((name) => ({
        alias,
        part,
        topic: name,
        subject: subjectOf(name, part),
        schema: registered.own,
      })),
    ),
  )

type AnyFormat = Topic<unknown>['value']
type RegisteredPart = { readonly part: RecordPart; readonly registered: NonNullable<AnyFormat['registered']> }

const partsOf = ({ value, keyFormat }: Topic<unknown>): readonly RegisteredPart[] => [
  ...(keyFormat?.registered ? [{ part: 'key' as const, registered: keyFormat.registered }] : []),
  ...(value.registered ? [{ part: 'value' as const, registered: value.registered }] : []),
]

/** Replaces each registered format of the definition by the result of `bind`. */
export const mapRegisteredFormats = (
  definition: AnyDefinition,
  bind: (registered: RegisteredPart['registered'], alias: string, part: RecordPart) => AnyFormat,
): AnyDefinition => ({
  ...definition,
  topics: withoutPrototype(
    Object.fromEntries(
      Object.entries(definition.topics).map(([alias, topic]) => {
        const bound = partsOf(topic).map(({ part, registered }) => [
          part === 'key' ? 'keyFormat' : 'value',
          bind(registered, alias, part),
        ])
        return [alias, bound.length === 0 ? topic : ({ ...topic, ...Object.fromEntries(bound) } as typeof topic)]
      }),
    ),
  ),
})

/** The key or value of a record, or both, if they name a schema. */
export const framesOf = (
  { value: format, keyFormat }: Pick<Topic<unknown>, 'value' | 'keyFormat'>,
  { key, value }: { readonly key: Buffer | null; readonly value: Buffer | null },
): readonly (Buffer | null)[] => [...(format.registered ? [value] : []), ...(keyFormat?.registered ? [key] : [])]
