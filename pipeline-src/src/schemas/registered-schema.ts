/** The schema types of the Schema Registry API. */
export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF'

/** A schema as a registry stores it. */
export type RegisteredSchema = {
  readonly type: SchemaType
  /** JSON for AVRO and JSON. For PROTOBUF, the text of a .proto file, or the base64 of its FileDescriptorProto. */
  readonly text: string
  /** The schemas that this one references, each before those that depend on it. */
  readonly references: readonly ReferencedSchema[]
}

/** `name` is the name in the text: an Avro name, a JSON Schema's `$ref`, a .proto file's import. */
export type ReferencedSchema = { readonly name: string; readonly text: string }

/** The fetched schemas by id; `missing` if the registry has no schema with this id. */
export type KnownSchemas = {
  /** Undefined if the id was not fetched yet. */
  readonly get: (schemaId: number) => RegisteredSchema | 'missing' | undefined
}
