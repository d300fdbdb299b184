import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk, FileState } from './disk.js'

/** What a reader finds on the disk if nobody else has written there. */
export type Expected = {
  readonly files: ResultFiles
  readonly identity: string
  readonly length: number
  readonly positionsState: FileState
}

/** Detects any other writer. The lock only keeps out a second reader on this machine. */
export const expectUntouched = async (
  disk: Disk,
  { files, identity, length, positionsState }: Expected,
): Promise<void> => {
  const csv = await disk.state(files.csv)
  if (csv?.identity !== identity || csv.size !== length) {
    const found = csv === undefined ? 'none' : csv.identity === identity ? `${csv.size} bytes` : 'another file'
    throw new Error(
      `${files.path}: expected the file that this reader writes, ${length} bytes long, got ${found}: somebody else changed it while the reader was running`,
    )
  }
  const positions = await disk.state(files.positions)
  if (positions?.identity !== positionsState.identity || positions.modifiedNs !== positionsState.modifiedNs) {
    throw new Error(
      `${files.positionsPath}: expected the file that this reader wrote, got ${positions === undefined ? 'none' : 'another'}: another reader uses the same RESULTS_DIR, or somebody changed the file`,
    )
  }
}
