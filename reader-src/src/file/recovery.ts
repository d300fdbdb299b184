import { crc32 } from 'node:zlib'
import { SettingsError } from '@kafka-etl/common'
import type { ResultFiles } from '@kafka-etl/pipeline'
import { refuseUnusable, type Disk, type OpenFile } from './disk.js'
import { readPositions, savePositions } from './positions-file.js'
import { tailBytes, type Positions } from './file-positions.js'
import { afterRotation, createResultsFile, nothingWritten, type ResultsFile } from './results-file.js'
import { untilSpace, type WaitForSpace } from './full-disk.js'
import { setTailAside, type SetAside } from './set-aside.js'

export type RecoveryOptions = {
  readonly disk: Disk
  readonly files: ResultFiles
  /** The first line of the CSV file. */
  readonly header: string
  readonly topic: string
  /** Names the consumer group of a new file. */
  readonly createGroupId: () => string
  readonly waitForSpace: WaitForSpace
}

export type Recovery = {
  readonly results: ResultsFile
  /** What a crash left after the last row that is known to be valid. The records of these rows are read again. */
  readonly setAside?: SetAside
}

const startAnew = ({ path, positionsPath }: ResultFiles): string =>
  `To start over, move both ${path} and ${positionsPath} away.`

/**
 * Opens the CSV file and cuts it back to its valid part, or begins a new one. If the file is not the one that the
 * positions describe, it throws a {@link SettingsError}, because no restart fixes that, and never writes to the file.
 */
export const recoverResults = (options: RecoveryOptions): Promise<Recovery> => refuseUnusable(() => recover(options))

const recover = async (options: RecoveryOptions): Promise<Recovery> => {
  const { disk, files, header, waitForSpace } = options
  const known = await finishRotation(options, await readKnownPositions(options))
  const size = await readSize(options)
  if (known === undefined && size > 0) {
    throw new SettingsError(
      `${files.path}: expected no file, or an empty one, since ${files.positionsPath} is missing, got ${size} bytes that this reader does not know. ${startAnew(files)}`,
    )
  }
  if (known !== undefined && size < known.length) {
    throw new SettingsError(
      `${files.path}: expected at least the ${known.length} bytes that ${files.positionsPath} knows of, got ${size}: rows were lost. Restore the file from a backup. ${startAnew(files)}`,
    )
  }
  if (known?.isClosed && size > known.length) {
    throw new SettingsError(
      `${files.path}: expected the ${known.length} bytes that it had when its reader stopped, got ${size}: somebody has added ${size - known.length} bytes at its end. Move them to a file of their own. ${startAnew(files)}`,
    )
  }
  const positions = known
    ? { ...known, isClosed: false }
    : { topic: options.topic, groupId: options.createGroupId(), ...nothingWritten, partitions: new Map() }
  const file = await disk.open(files.csv)
  const tail = await readTail(options, file, positions)
  // Save before the first byte of a new file: a file without positions is not the reader's. Save at every start:
  // another reader that the lock did not keep out finds its positions replaced and stops.
  const positionsState = await untilSpace(() => savePositions(disk, files, positions), waitForSpace)
  const { length } = positions
  const setAside =
    size > length ? await setTailAside(disk, file, { files, header, length, size }, waitForSpace) : undefined
  await disk.syncFolder()
  const recovered = { files, header, file, positions, positionsState, tail, setAside }
  const results = await createResultsFile(disk, recovered, waitForSpace)
  if (positions.length === 0) await results.append(Buffer.from(header), { rowCount: 0, partitions: new Map() })
  return setAside === undefined ? { results } : { results, setAside }
}

/** After a kill in the middle of a rotation, all rows are in one file, under the old or the new name. */
const finishRotation = async (
  { disk, files }: RecoveryOptions,
  known: Positions | undefined,
): Promise<Positions | undefined> => {
  if (known?.rotatingTo === undefined) return known
  const { rotatingTo, ...notRotating } = known
  const rotated = await disk.state(rotatingTo)
  // Not renamed yet, or a power failure undid the rename: the rotation has not happened.
  if (await disk.state(files.csv)) return notRotating
  if (rotated?.isFile && rotated.size >= known.length) return afterRotation(known)
  return notRotating
}

const readKnownPositions = async ({ disk, files, topic }: RecoveryOptions): Promise<Positions | undefined> => {
  const parsed = await readPositions(disk, files)
  if (parsed === undefined) return undefined
  if (!parsed.ok) {
    throw new SettingsError(
      `${files.positionsPath}: ${parsed.reason}, got something else. Restore the file from a backup. ${startAnew(files)}`,
    )
  }
  if (parsed.positions.topic !== topic) {
    throw new SettingsError(
      `${files.path}: expected ${parsed.positions.topic} as its topic, whose rows it contains, got ${topic}. Use another RESULTS_DIR for another topic. ${startAnew(files)}`,
    )
  }
  return parsed.positions
}

const readSize = async ({ disk, files }: RecoveryOptions): Promise<number> => {
  const state = await disk.state(files.csv)
  if (state !== undefined && !state.isFile) {
    throw new SettingsError(
      `${files.path}: expected a plain file, got a link, a folder or a device. ${startAnew(files)}`,
    )
  }
  return state?.size ?? 0
}

/** Reads the end of the valid part and checks that this reader wrote it. */
const readTail = async (
  { files, header }: RecoveryOptions,
  file: OpenFile,
  { length, tailCrc32 }: Positions,
): Promise<Buffer> => {
  const refuse = async (sentence: string): Promise<never> => {
    await file.close()
    throw new SettingsError(`${files.path}: ${sentence} ${startAnew(files)}`)
  }
  const tail = await file.read(Math.min(length, tailBytes), Math.max(0, length - tailBytes))
  if (crc32(tail) !== tailCrc32) {
    await refuse(
      `expected the rows that ${files.positionsPath} describes to end at byte ${length}, got other text there: it is not the same file, or was edited. Restore the file from a backup.`,
    )
  }
  const expected = Buffer.from(header)
  if (length > 0 && !(await file.read(expected.length, 0)).equals(expected)) {
    await refuse(`expected the header ${header.trimEnd()}, got another: the result has other columns than its file.`)
  }
  return tail
}
