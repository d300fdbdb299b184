import { printable, printableBytes } from '@kafka-etl/common'
import { formatSource, type OffsetRange, type RecordView } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { readAll } from '../read-all.js'
import { formatDate } from '../format-date.js'
import type { Report } from '../report.js'
import { toStoredRecord } from '../stored-record.js'
import { formatCoordinates, parseLetter, type DeadLetter } from './letter.js'
import type { LetterCoordinates } from './plan-replay.js'
import { longestLetterBytes } from './read-letters.js'

/** `dead-letters show`: one letter in full. */
export const reportLetter = async (context: ConnectedContext, coordinates: LetterCoordinates): Promise<Report> => {
  const letter = await findLetter(context, coordinates)
  const { key, value, headers } = letter
  return {
    text: format(letter),
    json: {
      partition: letter.partition,
      offset: letter.offset,
      source: letter.source ? formatSource(letter.source) : null,
      reason: letter.reason ?? null,
      message: letter.message,
      rejectedAtMs: letter.rejectedAtMs ?? null,
      originalSize: letter.originalSize ?? null,
      headers: headers.map(({ key: name, value: bytes }) => ({ name, base64: bytes?.toString('base64') ?? null })),
      keyBase64: key?.toString('base64') ?? null,
      valueBase64: value?.toString('base64') ?? null,
    },
    exitCode: 0,
  }
}

const findLetter = async (context: ConnectedContext, { partition, offset }: LetterCoordinates): Promise<DeadLetter> => {
  const { deadLetterTopic } = context.settings
  const logs = await context.admin.readLogRanges([deadLetterTopic])
  const log = logs.find((candidate) => candidate.partition === partition)
  if (!log) throw new Error(`expected one of the ${logs.length} partitions of ${deadLetterTopic}, got ${partition}`)
  const found: DeadLetter[] = []
  if (offset >= log.start && offset < log.stableEnd) {
    const range = { topic: deadLetterTopic, partition, from: offset, to: offset + 1n }
    const onRecord = (_range: OffsetRange, record: RecordView): void =>
      void found.push(parseLetter(deadLetterTopic, partition, toStoredRecord(record)))
    await readAll(context, [range], onRecord, longestLetterBytes)
  }
  const [letter] = found
  if (letter) return letter
  const holds =
    log.start < log.stableEnd
      ? `holds offsets ${log.start} to ${log.stableEnd - 1n}, transaction markers included`
      : 'is empty'
  throw new Error(
    `expected a dead letter at ${partition}/${offset}, found none: ${deadLetterTopic}/${partition} ${holds}`,
  )
}

const format = (letter: DeadLetter): string => {
  const { key, value, headers, originalSize } = letter
  const cut = originalSize === undefined ? '' : `, cut: it had ${originalSize}`
  return [
    formatCoordinates(letter),
    `source    ${letter.source ? formatSource(letter.source) : '-'}`,
    `reason    ${printable(letter.reason ?? '-')}`,
    `message   ${printable(letter.message)}`,
    `rejected  ${formatDate(letter.rejectedAtMs)}`,
    `key       ${printableBytes(key)}`,
    ...headers.map(({ key: name, value: bytes }) => `header    ${printable(name)}: ${printableBytes(bytes)}`),
    `value     ${value === null ? 'none (null)' : `${value.length} bytes${cut}`}`,
    ...(value === null ? [] : [printableBytes(value)]),
  ].join('\n')
}
