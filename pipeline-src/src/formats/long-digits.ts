const [zero, nine] = [0x30, 0x39]
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= nine

/** So many digits in a row may be an integer beyond 2^53. */
const fewestDigits = 16

/** Whether 16 digits stand in a row anywhere. Such a run covers a place that 16 divides, so no others are looked at. */
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
