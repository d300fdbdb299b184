/** As the Schema Registry's API names them. */
export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF'

/** A schema as a registry keeps it. */
export type RegisteredSchema = {
  readonly type: SchemaType
  /** JSON for AVRO and JSON. For PROTOBUF a .proto file, or the base64 of its FileDescriptorProto. */
  readonly text: string
  /** The schemas that this one names, each before those that need it. */
  readonly references: readonly ReferencedSchema[]
}

/** `name` is what the text calls it: an Avro name, a JSON Schema's `$ref`, a .proto file's import. */
export type ReferencedSchema = { readonly name: string; readonly text: string }

/** The schemas that have been fetched, by id: `missing` if the registry has none of that id. */
export type KnownSchemas = {
  /** Undefined: nobody has asked for it. */
  readonly get: (schemaId: number) => RegisteredSchema | 'missing' | undefined
}
