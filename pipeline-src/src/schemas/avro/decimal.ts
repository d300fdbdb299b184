/** Avro's decimal: an unscaled integer of at most `precision` digits, `scale` of them after the point. */
export type DecimalShape = { readonly precision: number; readonly scale: number }

/** Larger decimals would take long to print. */
const mostDigits = 1_000
const mostBytes = 1_024

/** Throws for shapes that Avro's specification does not allow. */
export const readDecimalShape = (schema: { readonly precision?: unknown; readonly scale?: unknown }): DecimalShape => {
  const { precision, scale = 0 } = schema
  if (!isWhole(precision) || precision < 1 || precision > mostDigits) {
    throw new Error(`expected a decimal with a precision from 1 to ${mostDigits}, got ${String(precision)}`)
  }
  if (!isWhole(scale) || scale > precision) {
    throw new Error(`expected a decimal with a scale from 0 to its precision ${precision}, got ${String(scale)}`)
  }
  return { precision, scale }
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0

/** Integers of up to this many bytes are exact as numbers. */
const mostNumberBytes = 6

/** `12.35`, with exactly `scale` digits after the point, from a big-endian two's complement integer in `bytes`. */
export const decimalFromBytes = (bytes: Buffer, start: number, end: number, shape: DecimalShape): string => {
  const length = end - start
  if (length === 0) throw new Error('expected a decimal, got no bytes')
  if (length > mostBytes) throw new Error(`expected a decimal of ${shape.precision} digits, got ${length} bytes`)
  if (length <= mostNumberBytes) return decimalFromNumber(bytes.readIntBE(start, length), shape)
  const hex = bytes.toString('hex', start, end)
  const digits = BigInt.asIntN(8 * length, BigInt(`0x${hex}`)).toString()
  return digits.startsWith('-') ? `-${placePoint(digits.slice(1), shape)}` : placePoint(digits, shape)
}

const placePoint = (digits: string, { precision, scale }: DecimalShape): string => {
  if (digits.length > precision) throw new Error(`expected a decimal of ${precision} digits, got ${digits.length}`)
  if (scale === 0) return digits
  const padded = digits.padStart(scale + 1, '0')
  const point = padded.length - scale
  return `${padded.slice(0, point)}.${padded.slice(point)}`
}

/** Up to this scale, powers of ten are exact as numbers. */
const mostNumberScale = 22

/** The same for an integer below 2^48. It is faster for a record with many amounts, since it cuts no digits. */
const decimalFromNumber = (unscaled: number, shape: DecimalShape): string => {
  const sign = unscaled < 0 ? '-' : ''
  const magnitude = Math.abs(unscaled)
  const { precision, scale } = shape
  if (scale === 0 || scale > mostNumberScale || magnitude >= 10 ** precision) {
    return sign + placePoint(String(magnitude), shape)
  }
  const unit = 10 ** scale
  const rest = magnitude % unit
  return `${sign}${(magnitude - rest) / unit}.${String(rest).padStart(scale, '0')}`
}

const decimalText = /^(-?)(\d+)(?:\.(\d+))?$/

/** The shortest bytes that hold the decimal, or exactly `size`. Throws for text that does not fit; never rounds. */
export const bytesFromDecimal = (text: unknown, shape: DecimalShape, size?: number): Buffer => {
  const unscaled = parseUnscaled(text, shape)
  const bits = (unscaled < 0n ? -unscaled - 1n : unscaled).toString(2).length + 1
  const length = size ?? Math.ceil(bits / 8)
  if (8 * length < bits) throw new Error(`expected a decimal that fits ${length} bytes, got ${String(text)}`)
  const hex = BigInt.asUintN(8 * length, unscaled)
    .toString(16)
    .padStart(2 * length, '0')
  return Buffer.from(hex, 'hex')
}

const parseUnscaled = (text: unknown, { precision, scale }: DecimalShape): bigint => {
  const parts = typeof text === 'string' ? decimalText.exec(text) : null
  if (!parts) throw new Error(`expected a decimal as text, such as 12.35, got ${String(text)}`)
  const [, sign = '', whole = '', fraction = ''] = parts
  if (/[1-9]/.test(fraction.slice(scale))) {
    throw new Error(`expected at most ${scale} digits behind the point, got ${String(text)}`)
  }
  const digits = `${whole}${fraction.slice(0, scale).padEnd(scale, '0')}`.replace(/^0+(?=.)/, '')
  if (digits.length > precision) throw new Error(`expected a decimal of ${precision} digits, got ${String(text)}`)
  return BigInt(`${sign}${digits}`)
}
