import type { RunBuilder } from '@kafka-etl/kafka'
import { createErrorHeaders, type ErrorFields, type ErrorFrame } from './error-headers.js'
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
      const headersEnd = headers.write(record, fields, { keepsHeaders, originalBytes })
      for (let bytes = record.valueLength; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        if (add(letters, record, keepsKey, headersEnd, bytes)) return
      }
    }
    if (add(letters, record, false, headers.write(record, fields, { keepsHeaders: false, originalBytes }), 0)) return
    // A topic with a limit of a few hundred bytes cannot even hold the reason: the coordinates alone have to do.
    add(letters, record, false, headers.writeSource(record), 0)
  }

  const add = (
    letters: RunBuilder,
    { buffer, keyStart, keyLength, valueStart, valueLength, timestampMs }: InputRecord,
    keepsKey: boolean,
    headersEnd: number,
    valueBytes: number,
  ): boolean =>
    letters.add({
      key: keepsKey ? buffer : null,
      keyStart,
      keyEnd: keyStart + keyLength,
      value: valueLength < 0 ? null : buffer,
      valueStart,
      valueEnd: valueStart + Math.max(0, valueBytes),
      headers: headers.bytes(),
      headersEnd,
      timestampMs,
    })

  return (letters, record, fields) => {
    const headersEnd = headers.write(record, fields, whole)
    if (!add(letters, record, hasKey(record), headersEnd, record.valueLength)) addCut(letters, record, fields)
  }
}

const whole: ErrorFrame = { keepsHeaders: true }
