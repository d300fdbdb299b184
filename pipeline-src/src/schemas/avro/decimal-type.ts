import avsc from 'avsc'
import type { Tap } from './avsc-internals.js'
import { bytesFromDecimal, decimalFromBytes, readDecimalShape, type DecimalShape } from './decimal.js'

/** Avro's decimal, as text. */
export class DecimalType extends avsc.types.LogicalType {
  readonly shape: DecimalShape
  readonly size: number | undefined

  constructor(schema: avsc.Schema, options?: unknown) {
    super(schema, options)
    this.shape = readDecimalShape(schema as { readonly precision?: unknown })
    const underlying = this.underlyingType
    if (!avsc.Type.isType(underlying, 'bytes', 'fixed')) throw new Error('expected a decimal of bytes or fixed')
    this.size = underlying instanceof avsc.types.FixedType ? underlying.size : undefined
  }

  /** Reads the bytes in place; avsc would copy them first. */
  _read(tap: Tap): string {
    const length = this.size ?? tap.readLong()
    const start = tap.pos
    const end = start + length
    if (length < 0 || end > tap.buf.length)
      throw new Error('expected a decimal within the value, got one that goes beyond')
    tap.pos = end
    return decimalFromBytes(tap.buf, start, end, this.shape)
  }

  override _fromValue(bytes: Buffer): string {
    return decimalFromBytes(bytes, 0, bytes.length, this.shape)
  }

  override _toValue(text: unknown): Buffer {
    return bytesFromDecimal(text, this.shape, this.size)
  }

  /** Decimals match only if scale and precision are equal. Otherwise the amount would change. */
  override _resolve(writer: avsc.Type): unknown {
    if (!(writer instanceof DecimalType)) return undefined
    const { precision, scale } = writer.shape
    return precision === this.shape.precision && scale === this.shape.scale ? (text: unknown) => text : undefined
  }

  override _export(schema: avsc.Schema): void {
    Object.assign(schema, this.shape)
  }
}
