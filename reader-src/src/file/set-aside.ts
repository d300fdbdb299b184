import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk, OpenFile } from './disk.js'
import { untilSpace, writeFully, type WaitForSpace } from './full-disk.js'

/** Bytes that were moved from a CSV file to another file. */
export type SetAside = {
  readonly name: string
  readonly bytes: number
  /** The bytes themselves; undefined if they are too many to keep in memory. */
  readonly tail: Buffer | undefined
}

const copyBytes = 1 << 20
const longestKeptTail = 8 << 20

/** Where to cut a file. */
export type Cut = {
  readonly files: ResultFiles
  readonly header: string
  readonly length: number
  readonly size: number
}

/**
 * Cuts the CSV file at `length`, after copying the rest into another file. Most likely the rest is rows of a killed
 * reader, which are read again, but that is not certain yet. Undefined if the rest was only part of the header.
 */
export const setTailAside = async (
  disk: Disk,
  file: OpenFile,
  { files, header, length, size }: Cut,
  waitForSpace: WaitForSpace,
): Promise<SetAside | undefined> => {
  const bytes = size - length
  const tail = bytes <= longestKeptTail ? await file.read(bytes, length) : undefined
  const isHeader = length === 0 && tail !== undefined && Buffer.from(header).subarray(0, bytes).equals(tail)
  const name = await findFreeName(disk, files, length)
  if (!isHeader) await untilSpace(() => copyTail(disk, file, { name, length, size }), waitForSpace)
  await file.truncate(length)
  await file.sync()
  return isHeader ? undefined : { name, bytes, tail }
}

const copyTail = async (
  disk: Disk,
  file: OpenFile,
  { name, length, size }: { readonly name: string; readonly length: number; readonly size: number },
): Promise<void> => {
  const copy = await disk.create(name)
  try {
    for (let at = length; at < size; at += copyBytes) {
      await writeFully(copy, await file.read(Math.min(copyBytes, size - at), at), at - length)
    }
    await copy.sync()
  } finally {
    await copy.close()
  }
  await disk.syncFolder()
}

const findFreeName = async (disk: Disk, files: ResultFiles, length: number): Promise<string> => {
  for (let number = 1; ; number++) {
    const name = files.cutOff(length, number)
    if ((await disk.state(name)) === undefined) return name
  }
}

/**
 * Finds out whether a tail consists of rows that are read again: then the next rows of one partition equal it. Returns,
 * for each append, whether that is proven.
 */
export const createTailProof = (tail: Buffer): ((partition: number, rows: Buffer) => boolean) => {
  const matched = new Map<number, number>()
  return (partition, rows) => {
    const at = matched.get(partition) ?? 0
    if (at < 0) return false
    const count = Math.min(rows.length, tail.length - at)
    const isSame = rows.compare(tail, at, at + count, 0, count) === 0
    matched.set(partition, isSame ? at + count : -1)
    return isSame && at + count === tail.length
  }
}

/** Removes the file with the moved bytes once all of them have been written again. */
export const createSetAsideRemoval = (disk: Disk, setAside: SetAside | undefined) => {
  let isRewritten = setAside?.tail && createTailProof(setAside.tail)
  return async (partition: number, rows: Buffer): Promise<void> => {
    if (!setAside || !isRewritten?.(partition, rows)) return
    isRewritten = undefined
    await disk.remove(setAside.name)
  }
}
