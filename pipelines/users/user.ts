import { Type } from '@kafka-etl/pipeline'

/** The registered schema of `user_json`: the JSON Schema of Confluent's introduction for Python. */
export const User = Type.Object(
  {
    name: Type.String({ description: "User's name" }),
    favorite_number: Type.Number({ description: "User's favorite number", exclusiveMinimum: 0 }),
    favorite_color: Type.String({ description: "User's favorite color" }),
    twitter_handle: Type.Optional(Type.String({ description: "User's Twitter handle" })),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'User',
    description: 'A Confluent Kafka Python User',
  },
)

/** A user of either topic. Protobuf has no lower limit for a number. */
export const KnownUser = Type.Object({
  name: Type.String(),
  favorite_number: Type.Number(),
  favorite_color: Type.String(),
  twitter_handle: Type.Optional(Type.String()),
})
