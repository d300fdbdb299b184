/** An Avro schema, as JSON. */
export type AvroSchema =
  string | readonly AvroSchema[] | { readonly type: unknown; readonly [attribute: string]: unknown }

/**
 * The TypeScript type of an Avro schema's values. All 64-bit types are bigints, also with a logical type; decimals are
 * text. Schemas that are referenced by name are `unknown`.
 */
export type AvroValue<Schema> = AvroSchema extends Schema
  ? unknown
  : Schema extends readonly (infer Branch)[]
    ? BranchValue<Branch>
    : Schema extends { readonly logicalType: 'decimal' }
      ? string
      : Schema extends { readonly type: infer Type }
        ? TypeValue<Type, Schema>
        : TypeValue<Schema, Schema>

type BranchValue<Branch> = Branch extends unknown ? AvroValue<Branch> : never

type TypeValue<Type, Schema> = Type extends keyof Primitives
  ? Primitives[Type]
  : Type extends 'record' | 'error'
    ? Schema extends { readonly fields: readonly (infer Field)[] }
      ? RecordValue<Field>
      : never
    : Type extends 'enum'
      ? Schema extends { readonly symbols: readonly (infer Symbol)[] }
        ? Symbol
        : never
      : Type extends 'array'
        ? Schema extends { readonly items: infer Items }
          ? readonly AvroValue<Items>[]
          : never
        : Type extends 'map'
          ? Schema extends { readonly values: infer Values }
            ? Readonly<Record<string, AvroValue<Values>>>
            : never
          : unknown

type Primitives = {
  readonly null: null
  readonly boolean: boolean
  readonly int: number
  readonly long: bigint
  readonly float: number
  readonly double: number
  readonly bytes: Buffer
  readonly string: string
  readonly fixed: Buffer
}

type RecordValue<Field> = {
  readonly [Each in Field as Each extends { readonly name: infer Name extends string } ? Name : never]: Each extends {
    readonly type: infer Type
  }
    ? AvroValue<Type>
    : never
}
