import { join } from 'node:path'
import { SettingsError } from '@kafka-etl/common'
import { isOneSample, listRoutes, listSources, type AnyDefinition, type Sample } from '@kafka-etl/pipeline'
import { createGeneratedStream, listStreamTopics } from './generated-stream.js'
import { interleave } from './interleaved-stream.js'
import { createAddressedStream, createValuesStream } from './lines-stream.js'
import { isAddressed } from './read-line.js'
import type { Stream, StreamTopic } from './stream.js'
import { readTextLines, type TextLines } from './text-lines.js'

export type StreamOptions = {
  readonly definition: AnyDefinition
  /** The pipeline's folder, which contains the files of its sample. */
  readonly folder: string
  /** PRODUCER_FILE; empty: the pipeline's sample. */
  readonly file: string
  readonly seed: number
}

/**
 * Creates the stream that a producer sends. Throws a SettingsError if there is nothing to send, or if a file has a bad
 * line.
 */
export const createStream = (options: StreamOptions): Stream => {
  if (options.file !== '') return createStreamOfFile(options)
  const { definition } = options
  const { sample } = definition
  if (!sample) {
    throw new SettingsError(
      `expected pipeline ${definition.name} to have a sample, or PRODUCER_FILE to be set, got neither`,
    )
  }
  if (isOneSample(sample)) return createStreamOfSample(options, sample, undefined)
  const streams = Object.entries(sample).map(([alias, ofTopic]) => createStreamOfSample(options, ofTopic, alias))
  if (streams.length === 0) throw new SettingsError(`expected a sample in pipeline ${definition.name}, got none`)
  return interleave(streams)
}

const defaultFileRate = 500

/** A stream of the user's own file: lines that name their topics, or values for the pipeline's only external input. */
const createStreamOfFile = ({ definition, file }: StreamOptions): Stream => {
  const lines = readTextLines(file, 'PRODUCER_FILE')
  const pace = { rate: defaultFileRate, count: undefined }
  const [topic, ...others] = listOuterTopics(definition)
  if (topic && others.length === 0 && !isAddressed(lines.at(0))) {
    requireJson(definition, topic, lines)
    return createValuesStream(definition, topic, lines, pace)
  }
  return createAddressedStream(definition, listStreamTopics(definition), lines, pace)
}

const createStreamOfSample = (
  { definition, folder, seed }: StreamOptions,
  sample: Sample,
  alias: string | undefined,
): Stream => {
  const topics = listStreamTopics(definition, alias)
  if (sample.kind === 'generated') {
    return createGeneratedStream(definition, alias === undefined ? listUnwritten(definition) : topics, sample, seed)
  }
  const lines = readTextLines(join(folder, sample.file), 'sample')
  const pace = { rate: sample.rate, count: sample.count }
  const [topic] = topics
  if (alias !== undefined && topic) return createValuesStream(definition, topic, lines, pace)
  return createAddressedStream(definition, topics, lines, pace)
}

/** Topics with a step to which no step of the pipeline writes. */
const listOuterTopics = (definition: AnyDefinition): readonly StreamTopic[] => {
  const read = new Set(listSources(definition).map(({ alias }) => alias))
  return listUnwritten(definition).filter(({ alias }) => read.has(alias))
}

const listUnwritten = (definition: AnyDefinition): readonly StreamTopic[] => {
  const written = new Set(listRoutes(definition).map(({ to }) => to))
  return listStreamTopics(definition).filter(({ alias }) => !written.has(alias))
}

const requireJson = ({ topics }: AnyDefinition, { alias }: StreamTopic, lines: TextLines): void => {
  if (topics[alias]?.value.name !== 'json') return
  for (let index = 0; index < lines.length; index++) {
    try {
      JSON.parse(lines.at(index))
    } catch {
      throw new SettingsError(`${lines.path}, line ${index + 1}: expected JSON, got ${lines.at(index).slice(0, 80)}`)
    }
  }
}
