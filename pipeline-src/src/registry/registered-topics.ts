import type { AnyDefinition, Topic } from '../definition.js'
import type { RegisteredSchema } from '../schemas/registered-schema.js'
import { namesOfTopic } from '../topology.js'

/** A topic whose values have a schema in a registry. */
export type RegisteredTopic = {
  readonly alias: string
  readonly topic: string
  readonly subject: string
  readonly schema: RegisteredSchema
}

/** The subject under which registries keep the schema of a topic's values (Confluent's TopicNameStrategy). */
export const subjectOf = (topic: string): string => `${topic}-value`

export const listRegisteredTopics = ({ topics }: AnyDefinition): readonly RegisteredTopic[] =>
  Object.entries(topics).flatMap(([alias, topic]) => {
    const schema = topic.value.registered?.own
    return schema === undefined
      ? []
      : namesOfTopic(topic).map((name) => ({ alias, topic: name, subject: subjectOf(name), schema }))
  })

/** The definition with its registered formats made anew, each by its alias. */
export const mapRegisteredFormats = (
  definition: AnyDefinition,
  bind: (registered: NonNullable<Topic<unknown>['value']['registered']>, alias: string) => Topic<unknown>['value'],
): AnyDefinition => ({
  ...definition,
  topics: Object.fromEntries(
    Object.entries(definition.topics).map(([alias, topic]) => {
      const { registered } = topic.value
      return [alias, registered ? { ...topic, value: bind(registered, alias) } : topic]
    }),
  ),
})
