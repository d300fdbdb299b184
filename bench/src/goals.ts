import type { Measurement } from './bench-context.js'
import { medianOf } from './statistics.js'

export type Goal = {
  readonly text: string
  readonly value: number
  readonly limit: number
  readonly kind: 'at least' | 'at most'
}

/** The median of one figure over the rounds; NaN if it was not measured. */
export const medianFigure = (
  measurements: readonly Measurement[],
  scenario: string,
  candidate: string,
  figure: string,
  size?: number,
): number =>
  medianOf(
    measurements
      .filter((one) => one.scenario === scenario && one.candidate === candidate)
      .filter((one) => size === undefined || one.size === size)
      .flatMap(({ figures }) => figures[figure] ?? []),
  )

/** The goals of this project, and what it has reached. */
export const listGoals = (measurements: readonly Measurement[]): readonly Goal[] => {
  const of = (scenario: string, candidate: string, figure: string, size?: number): number =>
    medianFigure(measurements, scenario, candidate, figure, size)
  const speed = (candidate: string): number => of('backlog', candidate, 'logsPerSecond')
  const thrift = (candidate: string): number => of('backlog', candidate, 'logsPerCpuSecond')
  const atLeast = (text: string, value: number, limit: number): Goal => ({ text, value, limit, kind: 'at least' })
  const atMost = (text: string, value: number, limit: number): Goal => ({ text, value, limit, kind: 'at most' })
  const [one, two] = [speed('etl-1'), speed('etl-2')]
  const idle = (['producer', 'etl', 'reader'] as const).flatMap((name) => [
    atMost(`idle ${name}, % of a core`, of('idle', name, 'corePercent'), 1),
    atMost(`idle ${name}, MiB`, of('idle', name, 'peakMib'), 90),
  ])
  return [
    atLeast('1 instance ÷ Pathway, logs/s', one / speed('pathway'), 2),
    atLeast('1 instance ÷ Kafka Streams exactly_once_v2, logs/s', one / speed('streams-exactly-once'), 2),
    atLeast('2 instances ÷ Pathway, logs/s', two / speed('pathway'), 3),
    atLeast('2 instances ÷ Kafka Streams exactly_once_v2, logs/s', two / speed('streams-exactly-once'), 3),
    atLeast('2 instances ÷ copy only, logs/s', two / speed('copy'), 0.5),
    atLeast('1 instance ÷ Pathway, logs per CPU second', thrift('etl-1') / thrift('pathway'), 2.5),
    atMost('live 1,000 logs/s, p50 ms', of('live', 'etl-1', 'p50Ms', 1_000), 8),
    atMost('live 1,000 logs/s, p99 ms', of('live', 'etl-1', 'p99Ms', 1_000), 30),
    atMost('live 1 log/s, p99 ms', of('live', 'etl-1', 'p99Ms', 1), 30),
    atMost('live 20,000 logs/s, p99 ms', of('live', 'etl-1', 'p99Ms', 20_000), 100),
    atMost('memory of an instance under a backlog, MiB', of('backlog', 'etl-1', 'peakMib'), 200),
    ...idle,
    atMost('start of the three services to the first row, s', of('start', 'stack', 'firstRowMs') / 1000, 0.5),
    atLeast('producer flat out, logs/s', of('producer', 'producer', 'logsPerSecond'), 300_000),
    atLeast('reader alone, rows/s', of('reader', 'reader', 'rowsPerSecond'), 300_000),
    atLeast('100 % bad input ÷ good, logs/s', of('bad', 'etl-1', 'logsPerSecond') / one, 0.5),
  ]
}

export const isReached = ({ value, limit, kind }: Goal): boolean =>
  kind === 'at least' ? value >= limit : value <= limit
