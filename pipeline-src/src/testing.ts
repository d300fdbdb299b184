import type { SettingsOf, SettingsTable } from '@kafka-etl/common'
import { createChain } from './chain.js'
import { createFormatRow, formatHeader } from './csv-row.js'
import type { Pipeline } from './define-pipeline.js'
import type { Topic } from './definition.js'
import { createEncodeKey } from './key-format.js'
import type { Format } from './formats/format.js'
import type { Header } from './record.js'
import { defaultNames } from './names.js'
import { findPipelineFaults } from './pipeline-faults.js'
import type { MadeRecord } from './step-outcome.js'

export type TestOptions<Table extends SettingsTable = SettingsTable> = {
  /** When records are handled, in epoch ms. Default: 0. */
  readonly handledAtMs?: number
  /** Values of the pipeline's own settings; the others have their defaults. */
  readonly settings?: Partial<SettingsOf<Table>>
}

export type SendOptions = {
  /** Text or bytes; for a topic with `keyFormat`, also a value of that format. */
  readonly key?: unknown
  readonly headers?: readonly Header[]
  readonly partition?: number
  readonly timestampMs?: number
}

export type TestOutput = {
  /** For a topic with `keyFormat`, the key's value as JSON. */
  readonly key: string | null
  /** Decoded by the topic's format; null for a tombstone. */
  readonly value: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly partition: number
}

export type TestDeadLetter = {
  readonly topic: string
  readonly reason: string
  readonly message: string
  readonly value: Buffer | null
}

/** A pipeline that runs in memory: real formats, steps, keys and partitions, no broker. */
export type PipelineRun = {
  /** Sends a value (or bytes) to an input, and runs the chain to its end. */
  readonly send: (alias: string, value: unknown, options?: SendOptions) => void
  readonly outputs: (alias: string) => readonly TestOutput[]
  readonly deadLetters: () => readonly TestDeadLetter[]
  /** Counts by reason. */
  readonly dropped: () => Readonly<Record<string, number>>
  /** The content of the result's file, as the reader writes it. */
  readonly rows: (alias: string) => string
}

/** Runs a pipeline in memory, for its tests. Throws if the definition cannot work, with all its faults. */
export const testPipeline = <Table extends SettingsTable>(
  pipeline: Pipeline<Table>,
  options: TestOptions<Table> = {},
): PipelineRun => {
  const { handledAtMs = 0 } = options
  const definition = pipeline.define({ ...defaultsOf(pipeline.settings), ...options.settings } as SettingsOf<Table>)
  const faults = findPipelineFaults(definition, defaultNames(definition.name))
  if (faults.length > 0) throw new Error(`expected a pipeline that can work, got:\n${faults.join('\n')}`)
  const made: MadeRecord[] = []
  const deadLetters: TestDeadLetter[] = []
  const dropped: Record<string, number> = {}
  const send = createChain(definition, handledAtMs, {
    onMade: (record) => made.push(record),
    onDropped: (why) => (dropped[why] = (dropped[why] ?? 0) + 1),
    onRejected: ({ topic, value }, reason, message) => deadLetters.push({ topic, reason, message, value }),
  })
  return {
    send: (alias, value, { key = null, headers = [], partition = 0, timestampMs = handledAtMs } = {}) =>
      send(alias, {
        key: encodeKeyOf(definition.topics[alias], key),
        value: encodeAny(value, definition.topics[alias]?.value),
        headers,
        partition,
        timestampMs,
      }),
    outputs: (alias) =>
      made
        .filter((output) => output.alias === alias)
        .map(({ key, value, headers, partition }) => {
          const decoded = definition.topics[alias]?.value.decode(value)
          return {
            key: key && (showKeyOf(definition.topics[alias], key) ?? key.toString('utf8')),
            value: decoded?.ok ? decoded.value : null,
            headers: Object.fromEntries(headers.map(([name, text]) => [name, text?.toString('utf8') ?? ''])),
            partition,
          }
        }),
    deadLetters: () => deadLetters,
    dropped: () => dropped,
    rows: (alias) => {
      const result = definition.results?.[alias]
      if (!result) throw new Error(`expected a topic with a result, got ${alias}`)
      const formatRow = createFormatRow(result.columns, { format: definition.topics[alias]?.value })
      const rows = made.filter((output) => output.alias === alias).map(formatRow)
      return [formatHeader(result.columns), ...rows.flatMap((row) => (row.ok ? [row.text] : []))]
        .map((row) => `${row}\n`)
        .join('')
    },
  }
}

const defaultsOf = (table: SettingsTable): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(table).map(([property, setting]) => {
      const parsed = setting.parse(setting.default)
      return [property, parsed.ok ? parsed.value : undefined]
    }),
  )

/** Encodes any value, even one that does not match the format: a test may want to see it rejected. */
const encodeAny = (value: unknown, format: Format<unknown> | undefined): Buffer | null => {
  if (value === null || Buffer.isBuffer(value)) return value
  if (typeof value === 'string') return Buffer.from(value)
  const encoded = format?.rows || format?.registered ? format.encode(value, { handledAtMs: 0 }) : undefined
  return encoded?.ok === true ? encoded.bytes : Buffer.from(JSON.stringify(value))
}

const encodeKeyOf = (topic: Topic<unknown> | undefined, key: unknown): Buffer | null =>
  createEncodeKey(topic ?? {})(key) ?? null

const showKeyOf = (topic: Topic<unknown> | undefined, key: Buffer): string | undefined => {
  const decoded = topic?.keyFormat?.decode(key)
  return decoded?.ok ? topic?.keyFormat?.toText?.(decoded.value) : undefined
}
