import { isUtf8 } from 'node:buffer'
import avsc from 'avsc'
import { bytesFromDecimal, decimalFromBytes, readDecimalShape, type DecimalShape } from './decimal.js'

/*
 * avsc with what it leaves open: longs are bigints, decimals are text, and bytes that no writer of the schema has made
 * are refused before they take memory or time. avsc is extended by the methods that its own types have; its
 * declarations do not list them.
 */
type Tap = {
  pos: number
  readonly buf: Buffer
  readLong: () => number
  skipLong: () => void
  readString: () => string | undefined
}
type Read = (tap: Tap) => unknown
type Resolver = { _read: Read }
type Internal = avsc.Type & { _read: Read; readonly _branchConstructor: (new (value: unknown) => unknown) | null }
type Options = { readonly registry?: Readonly<Record<string, unknown>> }

export type AvroType = avsc.Type

const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: (value: number | bigint) => BigInt(value),
  toJSON: (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)),
  isValid: (value: unknown) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
})

const replacementCharacter = '\ufffd'

class CheckedString extends avsc.types.StringType {
  _read(tap: Tap): string {
    const length = tap.readLong()
    const start = tap.pos
    const end = start + length
    if (length < 0 || end > tap.buf.length)
      throw new Error('expected a text within the value, got one that goes beyond')
    tap.pos = end
    const text = tap.buf.toString('utf8', start, end)
    if (text.includes(replacementCharacter) && !isUtf8(tap.buf.subarray(start, end))) {
      throw new Error('expected a text in UTF-8, got other bytes')
    }
    return text
  }
}

/** Items without bytes of their own, such as nulls, are as many as a writer says. */
const mostEmptyItems = 65_536

/** How many items a block of an array or a map has; 0 ends it. Throws if there cannot be as many. */
const readBlock = (tap: Tap): number => {
  const count = tap.readLong()
  if (count < 0) tap.skipLong()
  const items = Math.abs(count)
  if (tap.pos > tap.buf.length || items > Math.max(tap.buf.length - tap.pos, mostEmptyItems)) {
    throw new Error(`expected a list within the value, got one of ${items} items`)
  }
  return items
}

const readItem = (type: Internal, tap: Tap): unknown => {
  const item = type._read(tap)
  if (tap.pos > tap.buf.length) throw new Error('expected an item within the value, got one that goes beyond')
  return item
}

class CheckedArray extends avsc.types.ArrayType {
  _read(tap: Tap): unknown[] {
    const items: unknown[] = []
    for (let left = readBlock(tap); left > 0; left = readBlock(tap)) {
      for (; left > 0; left--) items.push(readItem(this.itemsType as Internal, tap))
    }
    return items
  }
}

class CheckedMap extends avsc.types.MapType {
  _read(tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = []
    for (let left = readBlock(tap); left > 0; left = readBlock(tap)) {
      for (; left > 0; left--) {
        const key = string._read(tap)
        entries.push([key, readItem(this.valuesType as Internal, tap)])
      }
    }
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(entries)
  }
}

/** The branches of a reader's union in the order in which they are tried: first the one that the writer names. */
const byLikeness = (branches: readonly avsc.Type[], writer: avsc.Type): readonly Internal[] => {
  const isSame = (branch: avsc.Type): boolean =>
    branch.branchName === writer.branchName && isLogical(branch) === isLogical(writer)
  return [...branches.filter(isSame), ...branches.filter((branch) => !isSame(branch))] as Internal[]
}

const isLogical = (type: avsc.Type): boolean => avsc.Type.isType(type, 'logical')

/** Without the order, avsc reads a long as the first number of the union, which may be a double. */
const findBranch = (
  branches: readonly avsc.Type[],
  writer: avsc.Type,
  options: object,
): { branch: Internal; read: Read } | undefined => {
  for (const branch of byLikeness(branches, writer)) {
    try {
      const resolver = branch.createResolver(writer, options) as unknown as Resolver
      return { branch, read: (tap) => resolver._read(tap) }
    } catch {
      // Another branch may fit.
    }
  }
  return undefined
}

class UnwrappedUnion extends avsc.types.UnwrappedUnionType {
  _update(resolver: Resolver, writer: avsc.Type, options: object): void {
    const found = findBranch(this.types, writer, options)
    if (found) resolver._read = found.read
  }
}

class WrappedUnion extends avsc.types.WrappedUnionType {
  _update(resolver: Resolver, writer: avsc.Type, options: object): void {
    const found = findBranch(this.types, writer, options)
    if (!found) return
    const { branch, read } = found
    const Branch = branch._branchConstructor
    resolver._read = Branch === null ? () => null : (tap) => new Branch(read(tap))
  }
}

class Decimal extends avsc.types.LogicalType {
  readonly shape: DecimalShape
  readonly size: number | undefined

  constructor(schema: avsc.Schema, options?: unknown) {
    super(schema, options)
    this.shape = readDecimalShape(schema as { readonly precision?: unknown })
    const underlying = this.underlyingType
    if (!avsc.Type.isType(underlying, 'bytes', 'fixed')) throw new Error('expected a decimal of bytes or fixed')
    this.size = underlying instanceof avsc.types.FixedType ? underlying.size : undefined
  }

  override _fromValue(bytes: Buffer): string {
    return decimalFromBytes(bytes, this.shape)
  }

  override _toValue(text: unknown): Buffer {
    return bytesFromDecimal(text, this.shape, this.size)
  }

  /** Decimals match if scale and precision do; others would change the amount. */
  override _resolve(writer: avsc.Type): unknown {
    if (!(writer instanceof Decimal)) return undefined
    const { precision, scale } = writer.shape
    return precision === this.shape.precision && scale === this.shape.scale ? (text: unknown) => text : undefined
  }

  override _export(schema: avsc.Schema): void {
    Object.assign(schema, this.shape)
  }
}

const string = new CheckedString() as CheckedString & Internal

/** How a branch looks in JavaScript: two of a kind cannot be told apart without a name. */
const kindOf = (type: avsc.Type): string => {
  const { typeName } = type
  if (isLogical(type) || typeName === 'string' || typeName === 'enum') return 'text'
  if (typeName === 'int' || typeName === 'float' || typeName === 'double') return 'number'
  if (typeName === 'bytes' || typeName === 'fixed') return 'bytes'
  return typeName === 'map' || typeName === 'record' || typeName === 'error' ? 'object' : typeName
}

const createUnion = (branches: readonly avsc.Schema[], options: Options): avsc.Type => {
  const types = branches.map((branch) => avsc.Type.forSchema(branch, options as object))
  const kinds = types.map(kindOf)
  const Union = new Set(kinds).size === kinds.length ? UnwrappedUnion : WrappedUnion
  return new Union(types as unknown as avsc.Schema, options)
}

const typeOf = (schema: avsc.Schema): unknown =>
  typeof schema === 'object' && !Array.isArray(schema) && 'type' in schema ? schema.type : schema

const hook = (schema: avsc.Schema, options: Options): avsc.Type | undefined => {
  if (Array.isArray(schema)) return createUnion(schema, options)
  switch (typeOf(schema)) {
    case 'long':
      return long
    case 'string':
      return string
    case 'array':
      return new CheckedArray(schema, options)
    case 'map':
      return new CheckedMap(schema, options)
    default:
      return undefined
  }
}

/** Compiles Avro schemas, the last of which may name those before it. Throws for what is no schema. */
export const compileAvro = (texts: readonly string[]): avsc.Type => {
  const registry = {}
  const types = texts.map((text) =>
    avsc.Type.forSchema(JSON.parse(text) as avsc.Schema, {
      registry,
      assertLogicalTypes: true,
      omitRecordMethods: true,
      logicalTypes: { decimal: Decimal },
      typeHook: hook,
    }),
  )
  const last = types.at(-1)
  if (!last) throw new Error('expected an Avro schema, got none')
  return last
}
