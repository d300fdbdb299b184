import { crc32 } from 'node:zlib'

/** The files in RESULTS_DIR. */
export const resultsName = 'results.csv'
export const positionsName = 'results.positions.json'

/** The record before a position: enough to recognize it when it is read again. */
export type LastRecord = {
  readonly offset: number
  /** CRC-32 of the record's value. */
  readonly crc32: number
}

/** CRC-32 of a record's value; a record without one counts as empty. */
export const checksum = (value: Buffer | null): number => crc32(value ?? '')

/** How far results.csv has come in one partition of the output topic. Offsets are numbers: exact up to 2^53. */
export type PartitionPosition = {
  /** The offset that is read next: all before it is in the file, or does not belong there (control records, repeats). */
  readonly next: number
  /** The last record that was read; absent until there is one. */
  readonly last?: LastRecord
  /** By input partition (`timezone1/0`): the offset of the last record of it that this partition brought. */
  readonly sources: ReadonlyMap<string, number>
}

/** What results.positions.json says about results.csv. The file is the truth; Kafka's committed offset is advisory. */
export type Positions = {
  /** The output topic that the rows came from. */
  readonly topic: string
  /** This file's own consumer group: two readers with different folders never share partitions. */
  readonly groupId: string
  /** How many bytes of results.csv are good. */
  readonly length: number
  /** How many rows they hold. */
  readonly rows: number
  /** CRC-32 of the last bytes before `length`, at most {@link tailBytes}: tells our file from a stranger's. */
  readonly tailCrc32: number
  readonly partitions: ReadonlyMap<number, PartitionPosition>
}

export const tailBytes = 1024

const version = 1

export const formatPositions = ({ partitions, ...file }: Positions): string => {
  const plain = [...partitions].map(([partition, { next, last, sources }]) => [
    String(partition),
    { next, ...(last ? { last } : {}), sources: Object.fromEntries(sources) },
  ])
  return `${JSON.stringify({ version, ...file, partitions: Object.fromEntries(plain) as unknown }, undefined, 2)}\n`
}

export type ParsedPositions =
  { readonly ok: true; readonly positions: Positions } | { readonly ok: false; readonly reason: string }

/** The reverse of {@link formatPositions}; any other text gives what was expected. Never throws. */
export const parsePositions = (text: string): ParsedPositions => {
  const json = parseJson(text)
  if (!isRecord(json)) return { ok: false, reason: 'expected a JSON object' }
  if (json.version !== version) return { ok: false, reason: `expected version ${version}` }
  const { topic, groupId, length, rows, tailCrc32 } = json
  if (typeof topic !== 'string' || topic === '') return { ok: false, reason: 'expected a name as topic' }
  if (typeof groupId !== 'string' || groupId === '') return { ok: false, reason: 'expected a name as groupId' }
  if (!isCount(length) || !isCount(rows) || !isCount(tailCrc32)) {
    return { ok: false, reason: 'expected whole numbers as length, rows and tailCrc32' }
  }
  if (!isRecord(json.partitions)) return { ok: false, reason: 'expected an object as partitions' }
  const partitions = new Map<number, PartitionPosition>()
  for (const [name, value] of Object.entries(json.partitions)) {
    const position = readPosition(value)
    if (!/^\d{1,10}$/.test(name) || position === undefined) {
      return { ok: false, reason: `expected { next, last, sources } as position of partition ${name.slice(0, 20)}` }
    }
    partitions.set(Number(name), position)
  }
  return { ok: true, positions: { topic, groupId, length, rows, tailCrc32, partitions } }
}

const readPosition = (value: unknown): PartitionPosition | undefined => {
  if (!isRecord(value) || !isCount(value.next) || !isRecord(value.sources)) return undefined
  const sources = new Map<string, number>()
  for (const [source, offset] of Object.entries(value.sources)) {
    if (!isCount(offset)) return undefined
    sources.set(source, offset)
  }
  const { next, last } = value
  if (last === undefined) return { next, sources }
  if (!isRecord(last) || !isCount(last.offset) || !isCount(last.crc32) || last.offset >= next) return undefined
  return { next, last: { offset: last.offset, crc32: last.crc32 }, sources }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
