import avsc from 'avsc'
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

  override _fromValue(bytes: Buffer): string {
    return decimalFromBytes(bytes, this.shape)
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
