import avsc from 'avsc'
import type { AvroType } from './avsc-internals.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * Converts the JSON of a value: numbers become the bigints of longs, base64 becomes bytes. Everything else stays
 * unchanged, even if it does not match.
 */
export const fromAvroJson = (type: AvroType, json: unknown): unknown => {
  if (type instanceof avsc.types.UnwrappedUnionType) return fromBranches(type.types, json)
  if (type instanceof avsc.types.WrappedUnionType) return mapFields(json, (name) => type.types.find(isNamed(name)))
  if (type instanceof avsc.types.RecordType) return mapFields(json, (name) => fieldType(type, name))
  if (type instanceof avsc.types.MapType) return mapFields(json, () => type.valuesType as AvroType)
  if (type instanceof avsc.types.ArrayType && Array.isArray(json)) {
    return json.map((item) => fromAvroJson(type.itemsType, item))
  }
  const isBytes = type instanceof avsc.types.BytesType || type instanceof avsc.types.FixedType
  if (isBytes && typeof json === 'string') return Buffer.from(json, 'base64')
  if (type.typeName === 'abstract:long' && Number.isSafeInteger(json)) return BigInt(json as number)
  return json
}

/** avsc's types claim that every name has a field. */
const fieldType = (type: avsc.types.RecordType, name: string): AvroType | undefined =>
  (type.field(name) as avsc.types.Field | undefined)?.type

const isNamed =
  (name: string) =>
  ({ branchName }: AvroType): boolean =>
    branchName === name

const fromBranches = (branches: readonly AvroType[], json: unknown): unknown => {
  for (const branch of branches) {
    const value = fromAvroJson(branch, json)
    if (branch.isValid(value)) return value
  }
  return json
}

const mapFields = (json: unknown, typeOf: (name: string) => AvroType | undefined): unknown => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json
  const entries = Object.entries(json as Fields).map(([name, value]) => {
    const type = typeOf(name)
    return [name, type ? fromAvroJson(type, value) : value] as const
  })
  return Object.fromEntries(entries)
}
