const [zero, nine] = [0x30, 0x39]
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= nine

/** An integer beyond 2^53 has at least this many digits. */
const fewestDigits = 16

/**
 * Whether the bytes contain 16 digits in a row. Such a run covers an index divisible by 16, so only these are tried.
 */
export const hasLongDigits = (bytes: Buffer): boolean => {
  for (let at = 0; at < bytes.length; at += fewestDigits) {
    if (!isDigit(bytes[at])) continue
    let start = at
    while (isDigit(bytes[start - 1])) start--
    let end = at + 1
    while (isDigit(bytes[end])) end++
    if (end - start >= fewestDigits) return true
  }
  return false
}
