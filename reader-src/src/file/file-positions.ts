import { crc32 } from 'node:zlib'
import type { SourceChain } from '../rows/source-chains.js'

/** The record before a position: enough to recognize it when it is read again. */
export type LastRecord = {
  readonly offset: number
  /** CRC-32 of the record's value. */
  readonly crc32: number
}

/** CRC-32 of a record's value; a missing value counts as empty. */
export const checksum = (value: Buffer | null): number => crc32(value ?? '')

/** How far a result has come in one partition of its topic. Offsets are numbers: exact up to 2^53. */
export type PartitionPosition = {
  /**
   * The next offset to read: everything before it is in the file, or does not belong there (control records, repeats).
   */
  readonly next: number
  /** The last record that was read; absent until there is one. */
  readonly last?: LastRecord
  /** What this partition has received from the input partitions. */
  readonly sources: readonly SourceChain[]
}

/** What a positions file says about its CSV file. The file is the truth; Kafka's committed offset is advisory. */
export type Positions = {
  /** The topic of the rows. */
  readonly topic: string
  /** Kafka's id of that topic (KIP-516), which differs for another topic with the same name. Absent: not known yet. */
  readonly topicId?: string
  /** This file's own consumer group: two readers with different folders never share partitions. */
  readonly groupId: string
  /** How many bytes of the CSV file are valid. */
  readonly length: number
  /** How many rows these bytes contain. */
  readonly rows: number
  /**
   * CRC-32 of the last bytes before `length`, at most {@link tailBytes}: distinguishes the reader's file from any
   * other.
   */
  readonly tailCrc32: number
  /** Whether the reader stopped cleanly: then it has written nothing after `length`. */
  readonly isClosed: boolean
  /** The new name of the CSV file while it is being rotated. */
  readonly rotatingTo?: string
  readonly partitions: ReadonlyMap<number, PartitionPosition>
}

export const tailBytes = 1024

const version = 2

export const formatPositions = ({ partitions, ...file }: Positions): string =>
  `${JSON.stringify({ version, ...file, partitions: Object.fromEntries(partitions) }, undefined, 2)}\n`

export type ParsedPositions =
  { readonly ok: true; readonly positions: Positions } | { readonly ok: false; readonly reason: string }

/**
 * The inverse of {@link formatPositions}, also for version 1; for any other text, it returns what was expected. Never
 * throws.
 */
export const parsePositions = (text: string): ParsedPositions => {
  const json = parseJson(text)
  if (!isRecord(json)) return { ok: false, reason: 'expected a JSON object' }
  if (json.version !== 1 && json.version !== version) return { ok: false, reason: `expected version 1 or ${version}` }
  const { topic, topicId, groupId, length, rows, tailCrc32, rotatingTo } = json
  if (typeof topic !== 'string' || topic === '') return { ok: false, reason: 'expected a name as topic' }
  if (topicId !== undefined && typeof topicId !== 'string') return { ok: false, reason: 'expected text as topicId' }
  if (!isTextOrAbsent(rotatingTo) || rotatingTo?.includes('/')) {
    return { ok: false, reason: 'expected the name of a file as rotatingTo' }
  }
  if (typeof groupId !== 'string' || groupId === '') return { ok: false, reason: 'expected a name as groupId' }
  if (!isCount(length) || !isCount(rows) || !isCount(tailCrc32)) {
    return { ok: false, reason: 'expected whole numbers as length, rows and tailCrc32' }
  }
  if (!isRecord(json.partitions)) return { ok: false, reason: 'expected an object as partitions' }
  const partitions = new Map<number, PartitionPosition>()
  for (const [name, value] of Object.entries(json.partitions)) {
    const position = parsePosition(value)
    if (!/^\d{1,10}$/.test(name) || position === undefined) {
      return { ok: false, reason: `expected { next, last, sources } as position of partition ${name.slice(0, 20)}` }
    }
    partitions.set(Number(name), position)
  }
  return {
    ok: true,
    positions: {
      topic,
      ...(topicId === undefined ? {} : { topicId }),
      groupId,
      length,
      rows,
      tailCrc32,
      // Positions of version 1 do not say how their reader stopped.
      isClosed: json.isClosed === true,
      ...(rotatingTo === undefined ? {} : { rotatingTo }),
      partitions,
    },
  }
}

const parsePosition = (value: unknown): PartitionPosition | undefined => {
  if (!isRecord(value) || !isCount(value.next)) return undefined
  const sources = Array.isArray(value.sources) ? parseChains(value.sources) : parseFirstVersion(value.sources)
  if (sources === undefined) return undefined
  const { next, last } = value
  if (last === undefined) return { next, sources }
  if (!isRecord(last) || !isCount(last.offset) || !isCount(last.crc32) || last.offset >= next) return undefined
  return { next, last: { offset: last.offset, crc32: last.crc32 }, sources }
}

const parseChains = (values: readonly unknown[]): readonly SourceChain[] | undefined => {
  const chains = values.map(parseChain).filter((chain) => chain !== undefined)
  return chains.length === values.length ? chains : undefined
}

const parseChain = (value: unknown): SourceChain | undefined => {
  if (!isRecord(value)) return undefined
  const { inputPartition, topicId, producerId, producerEpoch, offset, index, repeatsUpTo, repeatsUpToIndex } = value
  if (typeof inputPartition !== 'string' || !isInteger(producerEpoch)) return undefined
  if (!isInteger(offset) || !isInteger(repeatsUpTo) || !isTextOrAbsent(topicId) || !isTextOrAbsent(producerId)) {
    return undefined
  }
  if (!isCountOrAbsent(index) || !isCountOrAbsent(repeatsUpToIndex)) return undefined
  return {
    inputPartition,
    ...(topicId === undefined ? {} : { topicId }),
    ...(producerId === undefined ? {} : { producerId }),
    producerEpoch,
    offset,
    ...(index === undefined ? {} : { index }),
    repeatsUpTo,
    ...(repeatsUpToIndex === undefined ? {} : { repeatsUpToIndex }),
  }
}

/** Version 1 had one offset per input partition: that of its last record, from any producer. */
const parseFirstVersion = (sources: unknown): readonly SourceChain[] | undefined => {
  if (!isRecord(sources)) return undefined
  const chains: SourceChain[] = []
  for (const [inputPartition, offset] of Object.entries(sources)) {
    if (!isCount(offset)) return undefined
    chains.push({ inputPartition, producerEpoch: -1, offset, repeatsUpTo: offset })
  }
  return chains
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

const isCountOrAbsent = (value: unknown): value is number | undefined => value === undefined || isCount(value)

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= -1

const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'
