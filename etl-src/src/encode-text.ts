import { writeVarint } from '@kafka-etl/common'

/** A text after its length, as the name or the value of a header (KIP-98). */
export const encodeText = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const target = Buffer.allocUnsafe(bytes.length + 5)
  const at = writeVarint(target, 0, bytes.length)
  return target.subarray(0, at + bytes.copy(target, at))
}
