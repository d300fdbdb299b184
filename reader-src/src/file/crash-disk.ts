import type { CrashPoint } from '@kafka-etl/common'
import type { Disk, OpenFile } from './disk.js'

/**
 * The same disk with the points at which a test kills the reader; no other reader uses it. It writes rows in two
 * halves: a kill leaves a torn row.
 */
export const withCrashPoints = (disk: Disk, csvName: string, crashPoint: CrashPoint): Disk => ({
  ...disk,
  open: async (name) => {
    const file = await disk.open(name)
    return name === csvName ? withResultsPoints(file, crashPoint) : file
  },
  create: async (name) => withPositionsPoints(await disk.create(name), crashPoint),
  rename: async (from, to) => {
    await disk.rename(from, to)
    crashPoint('reader.afterRename')
  },
})

const withResultsPoints = (file: OpenFile, crashPoint: CrashPoint): OpenFile => ({
  ...file,
  write: async (bytes, position) => {
    const half = bytes.length >> 1
    const first = half === 0 ? 0 : await file.write(bytes.subarray(0, half), position)
    if (first < half) return first
    crashPoint('reader.midWrite')
    const rest = await file.write(bytes.subarray(half), position + half)
    crashPoint('reader.afterWrite')
    return first + rest
  },
  sync: async () => {
    await file.sync()
    crashPoint('reader.afterSync')
  },
})

const withPositionsPoints = (file: OpenFile, crashPoint: CrashPoint): OpenFile => ({
  ...file,
  write: async (bytes, position) => {
    const written = await file.write(bytes, position)
    crashPoint('reader.midSidecar')
    return written
  },
})
