import { formatNumber } from '../report.js'
import { atLeast, type Section } from '../sections.js'
import { streamsTitle } from '../pipelines/streams-contender.js'

const formats = [
  { format: 'json', text: 'JSON' },
  { format: 'avro', text: 'Avro' },
] as const

export const ridesSection: Section = {
  name: 'rides',
  title: 'rides: JSON and Avro',
  input: ({ logs }) => `${formatNumber(logs)} rides wait in four partitions, in JSON (370 bytes) or in Avro (70 bytes)`,
  columns: [
    { title: 'rides/s', figure: 'logsPerSecond' },
    { title: 'rides per CPU second', figure: 'logsPerCpuSecond' },
    { title: 'MiB', figure: 'peakMib' },
  ],
  rows: formats.flatMap(({ format, text }) => [
    { scenario: `rides-${format}`, candidate: 'etl', title: `${text}: this ETL`, guarantee: 'exactly once, ordered' },
    {
      scenario: `rides-${format}`,
      candidate: 'streams-exactly-once',
      title: `${text}: ${streamsTitle}`,
      guarantee: 'exactly once',
    },
  ]),
  goals: (of) =>
    formats.flatMap(({ format, text }) => {
      const ratio = (figure: string): number =>
        of(`rides-${format}`, 'etl', figure) / of(`rides-${format}`, 'streams-exactly-once', figure)
      return [
        atLeast(`${text} ÷ Kafka Streams, rides/s`, ratio('logsPerSecond'), 1),
        atLeast(`${text} ÷ Kafka Streams, rides per CPU second`, ratio('logsPerCpuSecond'), 1.5),
      ]
    }),
}
