import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

const deepest = 100

/**
 * Throws if a field's bytes do not match its type, or reach beyond the value. `fromBinary` would take the bytes of a
 * text for a number, and vice versa.
 */
export const checkWire = (message: DescMessage, bytes: Uint8Array, depth = 0): void => {
  if (depth > deepest) throw new Error(`expected messages within ${deepest} others, got more`)
  const reader = new BinaryReader(bytes)
  const fields = fieldsOf(message)
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    const field = fields.get(number)
    if (field === undefined) {
      reader.skip(wireType, number)
      continue
    }
    const { expected, packed, nested } = field
    if (wireType !== expected && !(packed && wireType === WireType.LengthDelimited)) {
      throw new Error(`expected field ${number} of ${message.name} as ${WireType[expected]}, got ${WireType[wireType]}`)
    }
    if (wireType !== WireType.LengthDelimited) {
      reader.skip(wireType, number)
      continue
    }
    const content = reader.bytes()
    if (nested) checkWire(nested, content, depth + 1)
    else if (packed) checkPacked(content, expected)
  }
  if (reader.pos > reader.len) throw new Error(`expected ${message.name} within the value, got one that goes beyond`)
}

const checkPacked = (content: Uint8Array, expected: WireType): void => {
  const reader = new BinaryReader(content)
  while (reader.pos < reader.len) reader.skip(expected)
  if (reader.pos > reader.len) throw new Error('expected a list within the value, got one that goes beyond')
}

type Expected = {
  readonly expected: WireType
  /** Whether the field may also be encoded as a packed list. */
  readonly packed: boolean
  readonly nested: DescMessage | undefined
}

const known = new WeakMap<DescMessage, ReadonlyMap<number, Expected>>()

const fieldsOf = (message: DescMessage): ReadonlyMap<number, Expected> => {
  const fields = known.get(message) ?? new Map(message.fields.map((field) => [field.number, expectedOf(field)]))
  known.set(message, fields)
  return fields
}

const expectedOf = (field: DescField): Expected => {
  if (field.fieldKind === 'map') return { expected: WireType.LengthDelimited, packed: false, nested: undefined }
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind
  if (kind === 'message') {
    const isGroup = 'delimitedEncoding' in field && field.delimitedEncoding
    const expected = isGroup ? WireType.StartGroup : WireType.LengthDelimited
    return { expected, packed: false, nested: isGroup ? undefined : field.message }
  }
  const expected = kind === 'enum' ? WireType.Varint : wireTypeOf(field.scalar)
  return { expected, packed: field.fieldKind === 'list' && expected !== WireType.LengthDelimited, nested: undefined }
}

const wireTypeOf = (scalar: ScalarType | undefined): WireType => {
  const wireType = scalar === undefined ? undefined : notVarints.get(scalar)
  return wireType ?? WireType.Varint
}

const notVarints: ReadonlyMap<ScalarType, WireType> = new Map([
  [ScalarType.STRING, WireType.LengthDelimited],
  [ScalarType.BYTES, WireType.LengthDelimited],
  [ScalarType.DOUBLE, WireType.Bit64],
  [ScalarType.FIXED64, WireType.Bit64],
  [ScalarType.SFIXED64, WireType.Bit64],
  [ScalarType.FLOAT, WireType.Bit32],
  [ScalarType.FIXED32, WireType.Bit32],
  [ScalarType.SFIXED32, WireType.Bit32],
])
