import type { SettingsOf, SettingsTable } from '@kafka-etl/common'
import { createFormatRow, formatHeader } from './csv-row.js'
import type { Pipeline } from './define-pipeline.js'
import type { Header } from './record.js'
import { findPipelineFaults } from './pipeline-faults.js'
import { createRunStep, type InputRecord, type MadeRecord, type StepOutcome } from './run-step.js'
import { namesOfTopic, planTopology } from './topology.js'

export type TestOptions<Table extends SettingsTable = SettingsTable> = {
  /** When records are handled, epoch ms. Default 0. */
  readonly handledAtMs?: number
  /** Values of the pipeline's own settings; the others have their defaults. */
  readonly settings?: Partial<SettingsOf<Table>>
}

export type SendOptions = {
  readonly key?: string | Buffer | null
  readonly headers?: readonly Header[]
  readonly partition?: number
  readonly timestampMs?: number
}

export type TestOutput = {
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
  /** The result's file, as the reader writes it. */
  readonly rows: (alias: string) => string
}

/** Runs a pipeline in memory, for its tests. Throws on a definition that cannot work, with all of its faults. */
export const testPipeline = <Table extends SettingsTable>(
  pipeline: Pipeline<Table>,
  options: TestOptions<Table> = {},
): PipelineRun => {
  const { handledAtMs = 0 } = options
  const definition = pipeline.define({ ...defaultsOf(pipeline.settings), ...options.settings } as SettingsOf<Table>)
  const names = { groupId: `etl-${definition.name}`, deadLetterTopic: `${definition.name}_dead_letters` }
  const faults = findPipelineFaults(definition, names)
  if (faults.length > 0) throw new Error(`expected a pipeline that can work, got:\n${faults.join('\n')}`)
  const topology = planTopology(definition, names, new Map())
  const steps = new Map(topology.sources.map((source) => [source.topic, createRunStep(definition, topology, source)]))
  const made: MadeRecord[] = []
  const deadLetters: TestDeadLetter[] = []
  const dropped: Record<string, number> = {}
  const ends = new Map<string, bigint>()

  const append = (topic: string, partition: number): bigint => {
    const place = `${topic}/${partition}`
    const offset = ends.get(place) ?? 0n
    ends.set(place, offset + 1n)
    return offset
  }

  const handle = (record: InputRecord): void => {
    const outcome = steps.get(record.topic)?.(record)
    if (outcome) settle(record, outcome)
  }

  const settle = (record: InputRecord, outcome: StepOutcome): void => {
    if (outcome.kind === 'dropped') dropped[outcome.why] = (dropped[outcome.why] ?? 0) + 1
    if (outcome.kind === 'rejected') {
      const { reason, message } = outcome
      deadLetters.push({ topic: record.topic, reason, message, value: record.value })
    }
    if (outcome.kind !== 'made') return
    const source: Header = ['source', Buffer.from(`${record.topic}/${record.partition}/${record.offset}`)]
    for (const output of outcome.records) {
      made.push({ ...output, headers: [...output.headers, source] })
      const { topic, partition, key, value, headers } = output
      const offset = append(topic, partition)
      handle({ topic, partition, offset, key, value, headers, timestampMs: handledAtMs, handledAtMs })
    }
  }

  return {
    send: (alias, value, sent = {}) => {
      const topic = definition.topics[alias]
      const name = topic && namesOfTopic(topic)[0]
      if (!topic || name === undefined) throw new Error(`expected a topic of the pipeline, got ${alias}`)
      const { partition = 0, headers = [], timestampMs = handledAtMs } = sent
      const key = typeof sent.key === 'string' ? Buffer.from(sent.key) : (sent.key ?? null)
      const offset = append(name, partition)
      const bytes = Buffer.isBuffer(value) ? value : encodeAny(value)
      handle({ topic: name, partition, offset, key, value: bytes, headers, timestampMs, handledAtMs })
    },
    outputs: (alias) =>
      made
        .filter((output) => output.alias === alias)
        .map(({ key, value, headers, partition }) => {
          const decoded = definition.topics[alias]?.value.decode(value)
          return {
            key: key?.toString('utf8') ?? null,
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
      const formatRow = createFormatRow(result.columns)
      const rows = made.filter((output) => output.alias === alias).map(formatRow)
      return [formatHeader(result.columns), ...rows.filter((row) => row !== undefined)]
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

/** What a test sends need not fit the format: that is what it may want to see rejected. */
const encodeAny = (value: unknown): Buffer | null => {
  if (value === null) return null
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
}
