import type { EncodableRecord, RunBuilder } from '@kafka-etl/common'
import { createErrorHeaders, type ErrorFields } from './error-headers.js'
import type { InputRecord } from './input-record.js'

export type AddDeadLetter = (letters: RunBuilder, record: InputRecord, fields: ErrorFields) => void

/**
 * Makes the function that adds the dead letter of a rejected record: its key, value and headers untouched, and headers
 * that say where it came from and why it is here. They come last, so that they win over headers of the same name that
 * the input brought (a reader of Kafka headers takes the last). What is larger than the topic takes is cut, its size
 * kept in a header.
 */
export const createAddDeadLetter = (topic: string, partition: number): AddDeadLetter => {
  const headers = createErrorHeaders(topic, partition)
  const hasKey = ({ keyLength }: InputRecord): boolean => keyLength >= 0

  /** Halves the value until the letter fits; headers, then the key, are left out whole where they leave it no room. */
  const addCut = (letters: RunBuilder, record: InputRecord, fields: ErrorFields): void => {
    const originalBytes = Math.max(0, record.valueLength)
    const frames = [
      { keepsKey: hasKey(record), keepsHeaders: true },
      { keepsKey: hasKey(record), keepsHeaders: false },
      { keepsKey: false, keepsHeaders: false },
    ]
    for (const { keepsKey, keepsHeaders } of frames) {
      const written = headers.write(record, fields, { keepsHeaders, originalBytes })
      for (let bytes = record.valueLength; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        if (letters.add(letterOf(record, keepsKey, written, bytes))) return
      }
    }
    const alone = headers.write(record, fields, { keepsHeaders: false, originalBytes })
    if (letters.add(letterOf(record, false, alone, 0))) return
    // A topic with a limit of a few hundred bytes cannot even hold the reason: the coordinates alone have to do.
    letters.add(letterOf(record, false, headers.writeSource(record), 0))
  }

  return (letters, record, fields) => {
    const written = headers.write(record, fields, { keepsHeaders: true })
    if (!letters.add(letterOf(record, hasKey(record), written))) addCut(letters, record, fields)
  }
}

const letterOf = (record: InputRecord, keepsKey: boolean, headers: Buffer, valueBytes?: number): EncodableRecord => {
  const { buffer, keyStart, keyLength, valueStart, valueLength, timestampMs } = record
  return {
    key: keepsKey ? buffer : null,
    keyStart,
    keyEnd: keyStart + keyLength,
    value: valueLength < 0 ? null : buffer,
    valueStart,
    valueEnd: valueStart + Math.max(0, Math.min(valueLength, valueBytes ?? valueLength)),
    headers,
    headersEnd: headers.length,
    timestampMs,
  }
}
