import { headerNames, readHeaders, type RecordView } from '@kafka-etl/kafka'
import type { ShownRecord } from '../protocol.js'
import { showBytes, withoutDeceit, type Decode } from './shown-bytes.js'

const mostHeaders = 50

export type ShowRecordOptions = {
  /** How many bytes to show of the value, of the key, and of each header. */
  readonly maxBytes: number
  readonly decode?: Decode | undefined
  readonly decodeKey?: Decode | undefined
}

type Place = { readonly topic: string; readonly partition: number }

/** A record as the page shows it; it does not reference the view's bytes. */
export const showRecord = ({ topic, partition }: Place, view: RecordView, options: ShowRecordOptions): ShownRecord => {
  const headers = readHeaders(view)
  const source = headers.findLast(({ key }) => key === headerNames.source)?.value?.toString()
  const plain = { maxBytes: options.maxBytes }
  return {
    topic,
    partition,
    offset: String(view.offset),
    timestampMs: view.timestampMs,
    key: showBytes(view.key, view.missingKeyBytes, { ...plain, decode: options.decodeKey }),
    value: showBytes(view.value, view.missingValueBytes, options),
    headers: headers.slice(0, mostHeaders).map(({ key, value }) => ({
      name: withoutDeceit(key.slice(0, options.maxBytes)),
      value: showBytes(value, 0, plain),
    })),
    source: source !== undefined && sourceFormat.test(source) ? source : undefined,
  }
}

/** If one input produced several records in a topic, the second and later ones have an index. */
const sourceFormat = /^[a-zA-Z0-9._-]{1,249}\/\d{1,10}\/\d{1,19}(\/\d{1,9})?$/

/** Whether the shown parts of a record contain the text, in upper or lower case. */
export const holdsText = ({ key, value, headers }: ShownRecord, lowerCaseText: string): boolean =>
  [key.text, value.text, ...headers.flatMap(({ name, value: { text } }) => [name, text])].some((text) =>
    text.toLowerCase().includes(lowerCaseText),
  )
