/** Table k holds what a byte does to the checksum that k others follow ("slicing by 8"). */
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

/** CRC-32C (Castagnoli), which Kafka has in the header of a record batch; `before` is that of the bytes before these. */
export const crc32c = (bytes: Uint8Array, before = 0): number => {
  const table = (slice: number, byte: number): number => tables[slice * 256 + byte] ?? 0
  let crc = ~before
  let at = 0
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc ^= read(bytes, at) | (read(bytes, at + 1) << 8) | (read(bytes, at + 2) << 16) | (read(bytes, at + 3) << 24)
    crc =
      table(7, crc & 0xff) ^
      table(6, (crc >>> 8) & 0xff) ^
      table(5, (crc >>> 16) & 0xff) ^
      table(4, crc >>> 24) ^
      table(3, read(bytes, at + 4)) ^
      table(2, read(bytes, at + 5)) ^
      table(1, read(bytes, at + 6)) ^
      table(0, read(bytes, at + 7))
  }
  for (; at < bytes.length; at++) crc = table(0, (crc ^ read(bytes, at)) & 0xff) ^ (crc >>> 8)
  return ~crc >>> 0
}

const read = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0
