import { CorruptBytesError } from './corrupt-records.js'

/**
 * The output of a decompressor: new bytes from `start` to `end`, preceded by the history that a copy may refer to. It
 * never grows: a full window is emptied into blocks.
 */
export type DecompressionWindow = { readonly buffer: Buffer; start: number; end: number }

/** How far back copies may reach: LZ4 and all snappy writers stay within 64 KiB. */
export const historyBytes = 65_536

export const createDecompressionWindow = (bytes: number): DecompressionWindow => ({
  buffer: Buffer.allocUnsafeSlow(Math.max(bytes, 2 * historyBytes)),
  start: 0,
  end: 0,
})

/** Takes the new bytes; read them before writing more. The history for later copies stays. */
export const takeBlock = (window: DecompressionWindow): Buffer => {
  const block = window.buffer.subarray(window.start, window.end)
  window.start = window.end
  return block
}

const makeRoom = (window: DecompressionWindow): void => {
  window.buffer.copyWithin(0, window.end - historyBytes, window.end)
  window.end = historyBytes
  window.start = historyBytes
}

/** Copies bytes of `source` if all of them fit. If not, it copies nothing, and the caller uses `writeLiteral`. */
export const fitLiteral = (window: DecompressionWindow, source: Buffer, start: number, length: number): boolean => {
  const { buffer, end } = window
  if (end + length > buffer.length || start + length > source.length) return false
  if (length > 32) source.copy(buffer, end, start, start + length)
  else for (let index = 0; index < length; index++) buffer[end + index] = source[start + index] ?? 0
  window.end = end + length
  return true
}

/** Copies `length` bytes of `source`, in as many blocks as needed. */
export function* writeLiteral(
  window: DecompressionWindow,
  source: Buffer,
  start: number,
  length: number,
): Generator<Buffer, void> {
  if (start + length > source.length)
    throw new CorruptBytesError(`expected ${length} bytes more, got ${source.length - start}`)
  for (let at = start, left = length; left > 0;) {
    if (window.end === window.buffer.length) {
      yield takeBlock(window)
      makeRoom(window)
    }
    const bytes = Math.min(left, window.buffer.length - window.end)
    source.copy(window.buffer, window.end, at, at + bytes)
    window.end += bytes
    at += bytes
    left -= bytes
  }
}

/** Repeats `length` bytes from `distance` bytes back. Source and target may overlap. */
export function* writeCopy(window: DecompressionWindow, distance: number, length: number): Generator<Buffer, void> {
  for (let left = length; left > 0;) {
    if (window.end === window.buffer.length) {
      yield takeBlock(window)
      makeRoom(window)
    }
    left -= copyBack(window, distance, Math.min(left, window.buffer.length - window.end))
  }
}

/** The same if all bytes fit. */
export const copyBack = (window: DecompressionWindow, distance: number, length: number): number => {
  const { buffer, end } = window
  if (distance <= 0 || distance > end) {
    throw new CorruptBytesError(`expected a copy of at most ${end} bytes back, got ${distance}`)
  }
  const source = end - distance
  if (distance >= length && length > 32) buffer.copyWithin(end, source, source + length)
  else for (let index = 0; index < length; index++) buffer[end + index] = buffer[source + index] ?? 0
  window.end = end + length
  return length
}
