/** Table k holds the effect of a byte on the checksum if k more bytes follow it ("slicing by 8"). */
const tables = (() => {
  const made = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    made[byte] = crc
  }
  for (let index = 256; index < made.length; index++) {
    const before = made[index - 256] ?? 0
    made[index] = (made[before & 0xff] ?? 0) ^ (before >>> 8)
  }
  return made
})()

const blockBytes = 4_096

/**
 * CRC-32C (Castagnoli), which Kafka puts into the header of a record batch. `before` is the checksum of the preceding
 * bytes. It works block by block: V8 optimizes a function that is called often as a whole, but one long loop only
 * partly and repeatedly.
 */
export const crc32c = (bytes: Uint8Array, before = 0): number => {
  const wholeBytes = bytes.length - (bytes.length % 8)
  let crc = ~before
  for (let at = 0; at < wholeBytes; at += blockBytes) {
    crc = addBlock(crc, bytes, at, Math.min(at + blockBytes, wholeBytes))
  }
  for (let at = wholeBytes; at < bytes.length; at++) {
    crc = (tables[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  return ~crc >>> 0
}

/** Processes eight bytes at a time. The look-ups are inlined: a helper function made this a fifth slower. */
const addBlock = (before: number, bytes: Uint8Array, start: number, end: number): number => {
  let crc = before
  for (let at = start; at < end; at += 8) {
    crc ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    crc =
      (tables[0x700 + (crc & 0xff)] ?? 0) ^
      (tables[0x600 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (tables[0x500 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (tables[0x400 + (crc >>> 24)] ?? 0) ^
      (tables[0x300 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (tables[0x200 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (tables[0x100 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (tables[bytes[at + 7] ?? 0] ?? 0)
  }
  return crc
}
