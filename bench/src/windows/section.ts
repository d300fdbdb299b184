import { formatNumber } from '../report.js'
import type { Section } from '../sections.js'
import { windowsStreams } from './streams.js'

export const windowsSection: Section = {
  name: 'windows',
  title: 'windows: rides in windows of event time',
  input: ({ logs }) => `${formatNumber(logs)} rides of 250 bytes wait in four partitions of the topic rides`,
  columns: [
    { title: 'rides/s', figure: 'logsPerSecond' },
    { title: 'rides per CPU second', figure: 'logsPerCpuSecond' },
    { title: 'rides per CPU second, start included', figure: 'logsPerCpuSecondInAll' },
    { title: 'MiB', figure: 'peakMib' },
  ],
  rows: [
    { scenario: 'windows', candidate: 'flink', title: 'Flink SQL 2.3.0, as in the stack', guarantee: 'exactly once' },
    {
      scenario: 'windows',
      candidate: windowsStreams.name,
      title: windowsStreams.title,
      guarantee: windowsStreams.guarantee,
    },
  ],
  // The document compares the two and sets no goal.
  goals: () => [],
}
