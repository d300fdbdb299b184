import { crc32 } from 'node:zlib'
import { SettingsError } from '@kafka-etl/common'
import { csvHeader } from '../rows/csv-row.js'
import { refuseUnusable, type Disk, type OpenFile } from './disk.js'
import { positionsName, resultsName } from './file-positions.js'
import { readPositions, savePositions } from './positions-file.js'
import { tailBytes, type Positions } from './file-positions.js'
import { afterRotation, createResultsFile, nothingWritten, type ResultsFile } from './results-file.js'
import { untilSpace, type WaitForSpace } from './full-disk.js'
import { setTailAside, type SetAside } from './set-aside.js'

export type RecoveryOptions = {
  readonly disk: Disk
  readonly topic: string
  /** Names the consumer group of a new file. */
  readonly createGroupId: () => string
  readonly waitForSpace: WaitForSpace
}

export type Recovery = {
  readonly results: ResultsFile
  /** What a crash left behind the last known good row. Its records are read again. */
  readonly setAside?: SetAside
}

const startAnew = `To start anew, move ${resultsName} and ${positionsName} away, both.`

/**
 * Opens results.csv where its positions say that it is good, or begins it. Throws a {@link SettingsError}, since no
 * restart mends it, where the file is not the one that the positions are of: nothing is ever written over it then.
 */
export const recoverResults = (options: RecoveryOptions): Promise<Recovery> => refuseUnusable(() => recover(options))

const recover = async (options: RecoveryOptions): Promise<Recovery> => {
  const { disk, waitForSpace } = options
  const known = await finishRotation(disk, await readKnownPositions(options))
  const size = await readSize(disk)
  if (known === undefined && size > 0) {
    throw new SettingsError(
      `${resultsName}: expected no file, or an empty one, since ${positionsName} is missing, got ${size} bytes that this reader knows nothing of. ${startAnew}`,
    )
  }
  if (known !== undefined && size < known.length) {
    throw new SettingsError(
      `${resultsName}: expected at least the ${known.length} bytes that ${positionsName} knows of, got ${size}: rows were lost. Bring the file back from a copy. ${startAnew}`,
    )
  }
  if (known?.isClosed && size > known.length) {
    throw new SettingsError(
      `${resultsName}: expected the ${known.length} bytes that it had when its reader stopped, got ${size}: somebody has added ${size - known.length} bytes at its end. Move them to a file of their own. ${startAnew}`,
    )
  }
  const positions = known
    ? { ...known, isClosed: false }
    : { topic: options.topic, groupId: options.createGroupId(), ...nothingWritten, partitions: new Map() }
  const file = await disk.open(resultsName)
  const tail = await readTail(file, positions)
  // Saved before the first byte of a new file, since one without positions is a stranger's; and at every start, so
  // that another reader, which no lock kept out, finds its positions replaced and stops.
  const positionsState = await untilSpace(() => savePositions(disk, positions), waitForSpace)
  const { length } = positions
  const setAside = size > length ? await setTailAside(disk, file, { length, size }, waitForSpace) : undefined
  await disk.syncFolder()
  const results = await createResultsFile(disk, { file, positions, positionsState, tail, setAside }, waitForSpace)
  if (positions.length === 0) await results.append(Buffer.from(csvHeader), { rowCount: 0, partitions: new Map() })
  return setAside === undefined ? { results } : { results, setAside }
}

/** A reader that was killed in the middle of a rotation has its rows in one file, under the old or the new name. */
const finishRotation = async (disk: Disk, known: Positions | undefined): Promise<Positions | undefined> => {
  if (known?.rotatingTo === undefined) return known
  const { rotatingTo, ...notRotating } = known
  const rotated = await disk.state(rotatingTo)
  // Not renamed yet, or by a loss of power not any more: the rotation has not happened.
  if (await disk.state(resultsName)) return notRotating
  if (rotated?.isFile && rotated.size >= known.length) return afterRotation(known)
  return notRotating
}

const readKnownPositions = async ({ disk, topic }: RecoveryOptions): Promise<Positions | undefined> => {
  const parsed = await readPositions(disk)
  if (parsed === undefined) return undefined
  if (!parsed.ok) {
    throw new SettingsError(
      `${positionsName}: ${parsed.reason}, got something else. Bring the file back from a copy. ${startAnew}`,
    )
  }
  if (parsed.positions.topic !== topic) {
    throw new SettingsError(
      `OUTPUT_TOPIC: expected ${parsed.positions.topic}, whose rows ${resultsName} holds, got ${topic}. Use another RESULTS_DIR for another topic. ${startAnew}`,
    )
  }
  return parsed.positions
}

const readSize = async (disk: Disk): Promise<number> => {
  const state = await disk.state(resultsName)
  if (state !== undefined && !state.isFile) {
    throw new SettingsError(`${resultsName}: expected a plain file, got a link, a folder or a device. ${startAnew}`)
  }
  return state?.size ?? 0
}

/** Reads the end of the good part and makes sure that it is what this reader wrote. */
const readTail = async (file: OpenFile, { length, tailCrc32 }: Positions): Promise<Buffer> => {
  const tail = await file.read(Math.min(length, tailBytes), Math.max(0, length - tailBytes))
  if (crc32(tail) === tailCrc32) return tail
  await file.close()
  throw new SettingsError(
    `${resultsName}: expected the rows that ${positionsName} is of to end at byte ${length}, got other text there: it is not the same file, or was edited. Bring the file back from a copy. ${startAnew}`,
  )
}
