import { posix } from 'node:path'

/** The names of what belongs to one result. */
export type ResultFiles = {
  /** The CSV file, in RESULTS_DIR: `noaa/noaa-alerts.csv`. */
  readonly path: string
  /** How far it has come, in RESULTS_DIR: `noaa/noaa-alerts.positions.json`. */
  readonly positionsPath: string
  /** The folder of all of them, in RESULTS_DIR; `.` is RESULTS_DIR itself. */
  readonly folder: string
  /** In the folder, as are those below. */
  readonly csv: string
  readonly positions: string
  readonly positionsBeforeRename: string
  /** The secret that its lock is made from. */
  readonly lock: string
  /** The name that the CSV file gets if it is rotated then (UTC): `noaa-alerts.2026-11-26T13-40-05.123Z.csv`. */
  readonly rotated: (epochMs: number) => string
  /** Whether a file of this name is one that `rotated` has named. */
  readonly isRotated: (name: string) => boolean
  /** Asks the reader to rotate; it holds the name that the CSV file gets. */
  readonly rotationRequest: string
  readonly rotationRequestBeforeRename: string
  /** What was found behind the first `length` bytes when a reader started that had not stopped in order. */
  readonly cutOff: (length: number, number: number) => string
}

/** The files beside a result's CSV file, by its path in RESULTS_DIR (`results.csv`, `noaa/noaa-alerts.csv`). */
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
/** Behind the stem: of the CSV file, of one that was rotated, of what was cut off, and of a request to rotate. */
const ownName =
  /^\.(?:csv|positions\.json|positions\.json\.tmp|lock|lock\.tmp|rotate|rotate\.tmp|\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.csv|cut-off-at-\d+(?:-\d+)?\.csv)$/

/**
 * Which of a folder's files a reader wrote. A result is known by its positions, or by its lock; a file that only looks
 * like one of a result is nobody's.
 */
export const findResultFiles = (names: readonly string[]): readonly string[] => {
  const stems = names.flatMap((name) => (positionsName.exec(name) ?? lockName.exec(name))?.[1] ?? [])
  const isOwn = (name: string): boolean =>
    stems.some((stem) => name.startsWith(stem) && ownName.test(name.slice(stem.length)))
  return names.filter(isOwn)
}

/** The CSV files of a folder that a reader has begun, by their positions. */
export const listResultPaths = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => positionsName.exec(name)?.[1] ?? []).map((stem) => `${stem}.csv`)
