/** The bytes of finished rows, in one buffer that is reused for every batch and only grows. */
export type RowBuffer = { bytes: Buffer; length: number }

export const createRowBuffer = (capacity = 1 << 20): RowBuffer => ({
  bytes: Buffer.allocUnsafeSlow(capacity),
  length: 0,
})

/** Makes room for `count` more bytes. */
export const reserve = (rows: RowBuffer, count: number): void => {
  const needed = rows.length + count
  if (needed <= rows.bytes.length) return
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, rows.bytes.length * 2))
  rows.bytes.copy(grown, 0, 0, rows.length)
  rows.bytes = grown
}

export const appendText = (rows: RowBuffer, text: string): void => {
  reserve(rows, Buffer.byteLength(text))
  rows.length += rows.bytes.write(text, rows.length, 'utf8')
}

/** The rows so far, without a copy: valid until the next write to the buffer. */
export const writtenRows = (rows: RowBuffer): Buffer => rows.bytes.subarray(0, rows.length)
