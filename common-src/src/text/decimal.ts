const zero = 0x30

/** Below it numbers fit into 32 bits together with their quotients: whole-number division is fast there. */
const chunk = 10_000_000
const chunkDigits = 7

/** Writes a safe integer that is not negative in decimal and returns where it ends. */
export const writeInteger = (target: Uint8Array, at: number, value: number): number => {
  if (value < chunk) return writeDigits(target, at, value, countDigits(value))
  const high = Math.floor(value / chunk)
  const next = writeInteger(target, at, high)
  return writeDigits(target, next, value - high * chunk, chunkDigits)
}

/** Writes exactly `count` digits of a number below 10^7, zeros in front, and returns where they end. */
export const writeDigits = (target: Uint8Array, at: number, value: number, count: number): number => {
  let rest = value | 0
  for (let position = at + count - 1; position >= at; position--) {
    const quotient = (rest / 10) | 0
    target[position] = zero + rest - quotient * 10
    rest = quotient
  }
  return at + count
}

/** How many digits a safe integer that is not negative has. */
export const countDigits = (value: number): number => {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count++
  return count
}
