import { posix } from 'node:path'

/** The names of the files of one result. */
export type ResultFiles = {
  /** The path of the CSV file within RESULTS_DIR: `noaa/noaa-alerts.csv`. */
  readonly path: string
  /** The path of the positions file within RESULTS_DIR: `noaa/noaa-alerts.positions.json`. */
  readonly positionsPath: string
  /** The folder of all these files within RESULTS_DIR; `.` is RESULTS_DIR itself. */
  readonly folder: string
  /** The name within the folder; this also applies to the names below. */
  readonly csv: string
  readonly positions: string
  readonly positionsBeforeRename: string
  /** The file with the secret from which the lock is derived. */
  readonly lock: string
  /** The name of the CSV file if it is rotated at this time (UTC): `noaa-alerts.2026-11-26T13-40-05.123Z.csv`. */
  readonly rotated: (epochMs: number) => string
  /** Whether `rotated` produces names like this. */
  readonly isRotated: (name: string) => boolean
  /** The file that asks the reader to rotate. It contains the new name of the CSV file. */
  readonly rotationRequest: string
  readonly rotationRequestBeforeRename: string
  /** The file for bytes that a reader found after the first `length` bytes at its start, after an unclean shutdown. */
  readonly cutOff: (length: number, number: number) => string
}

/**
 * The files that belong to a result, given the path of its CSV file within RESULTS_DIR (`results.csv`,
 * `noaa/noaa-alerts.csv`).
 */
export const filesOfResult = (path: string): ResultFiles => {
  const { dir, name: stem } = posix.parse(path)
  const positions = `${stem}.positions.json`
  return {
    path,
    positionsPath: posix.join(dir, positions),
    folder: dir === '' ? '.' : dir,
    csv: `${stem}.csv`,
    positions,
    positionsBeforeRename: `${positions}.tmp`,
    lock: `${stem}.lock`,
    rotationRequest: `${stem}.rotate`,
    rotationRequestBeforeRename: `${stem}.rotate.tmp`,
    isRotated: (name) => name.startsWith(stem) && rotatedName.test(name.slice(stem.length)),
    rotated: (epochMs) => `${stem}.${new Date(epochMs).toISOString().replaceAll(':', '-')}.csv`,
    cutOff: (length, number) => `${stem}.cut-off-at-${length}${number === 1 ? '' : `-${number}`}.csv`,
  }
}

const rotatedName = /^\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.csv$/
const positionsName = /^(.+)\.positions\.json$/
const lockName = /^(.+)\.lock$/
/** What follows the stem in the name of a CSV file, a rotated file, a file of cut-off bytes, or a rotation request. */
const ownName =
  /^\.(?:csv|positions\.json|positions\.json\.tmp|lock|lock\.tmp|rotate|rotate\.tmp|\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.csv|cut-off-at-\d+(?:-\d+)?\.csv)$/

/**
 * The files of a folder that a reader wrote. A result is recognized by its positions or its lock; a file that only
 * looks like part of a result is not included.
 */
export const findResultFiles = (names: readonly string[]): readonly string[] => {
  const stems = names.flatMap((name) => (positionsName.exec(name) ?? lockName.exec(name))?.[1] ?? [])
  const isOwn = (name: string): boolean =>
    stems.some((stem) => name.startsWith(stem) && ownName.test(name.slice(stem.length)))
  return names.filter(isOwn)
}

/** The CSV files in a folder that a reader has begun, recognized by their positions files. */
export const listResultPaths = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => positionsName.exec(name)?.[1] ?? []).map((stem) => `${stem}.csv`)
