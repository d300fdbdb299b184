import { formatNumber } from '../report.js'
import { atLeast, atMost, type Section } from '../sections.js'
import { noaaEtl, noaaPeers } from './contenders.js'

export const noaaSection: Section = {
  name: 'noaa',
  title: 'noaa: three chained topics',
  input: ({ logs }) => `${formatNumber(logs)} flat readings of about 100 bytes wait in noaa-flat`,
  columns: [
    { title: 'readings/s', figure: 'logsPerSecond' },
    { title: 'readings per CPU second', figure: 'logsPerCpuSecond' },
    { title: 'MiB', figure: 'peakMib' },
  ],
  rows: [noaaEtl, ...noaaPeers].map(({ name, title, guarantee }) => ({
    scenario: 'noaa',
    candidate: name,
    title,
    guarantee,
  })),
  goals: (of) => {
    const speed = (candidate: string): number => of('noaa', candidate, 'logsPerSecond')
    const live = (candidate: string): number => of('noaa-live', candidate, 'p99Ms')
    return [
      atLeast('noaa ÷ Kafka Streams exactly_once_v2, readings/s', speed('etl') / speed('streams-exactly-once'), 3),
      atLeast('noaa ÷ Pathway, readings/s', speed('etl') / speed('pathway'), 5),
      atLeast('noaa ÷ aiokafka, readings/s', speed('etl') / speed('aiokafka'), 20),
      atMost('memory of an instance, MiB', of('noaa', 'etl', 'peakMib'), 250),
      atMost('live 1,000/s, p99 to noaa-alerts ÷ p99 of one hop', live('to the alert') / live('one hop'), 3),
    ]
  },
}
