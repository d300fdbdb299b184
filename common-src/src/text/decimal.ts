const zero = 0x30

/** Below this, numbers and their quotients fit into 32 bits, for which integer division is fast. */
const chunk = 10_000_000
const chunkDigits = 7

/** Writes a non-negative safe integer in decimal and returns the end position. */
export const writeInteger = (target: Uint8Array, at: number, value: number): number => {
  if (value < chunk) return writeDigits(target, at, value, countDigits(value))
  const high = Math.floor(value / chunk)
  const next = writeInteger(target, at, high)
  return writeDigits(target, next, value - high * chunk, chunkDigits)
}

/** Writes exactly `count` digits of a number below 10^7, padded with zeros, and returns the end position. */
export const writeDigits = (target: Uint8Array, at: number, value: number, count: number): number => {
  let rest = value | 0
  for (let position = at + count - 1; position >= at; position--) {
    const quotient = (rest / 10) | 0
    target[position] = zero + rest - quotient * 10
    rest = quotient
  }
  return at + count
}

/** How many decimal digits a non-negative safe integer has. */
export const countDigits = (value: number): number => {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count++
  return count
}
