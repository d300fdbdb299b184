import type { Measurement } from './bench-context.js'
import type { Candidate } from './candidate.js'
import { isReached, listGoals, medianFigure, type Goal } from './goals.js'
import { plotBars } from './plot.js'
import { formatNumber } from './report.js'
import type { Results } from './run-results.js'
import { figureOf, type Section } from './sections.js'
import { ratioOf, spreadOf, type Spread } from './statistics.js'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')

const valuesOf = (measurements: readonly Measurement[], candidate: string, figure: string): readonly number[] =>
  measurements
    .filter((one) => one.scenario === 'backlog' && one.candidate === candidate)
    .flatMap(({ figures }) => figures[figure] ?? [])

const formatSpread = ({ median, lowest, highest }: Spread): string =>
  Number.isNaN(median) ? '–' : `${formatNumber(median)} (${formatNumber(lowest)} to ${formatNumber(highest)})`

const backlogTable = (measurements: readonly Measurement[], candidates: readonly Candidate[]): string => {
  const ours = valuesOf(measurements, 'etl-1', 'logsPerSecond')
  const rows = candidates.map(({ name, title, guarantee }) => [
    title,
    guarantee,
    formatSpread(spreadOf(valuesOf(measurements, name, 'logsPerSecond'))),
    formatSpread(ratioOf(ours, valuesOf(measurements, name, 'logsPerSecond'))),
    formatNumber(medianFigure(measurements, 'backlog', name, 'logsPerCpuSecond')),
    formatNumber(medianFigure(measurements, 'backlog', name, 'peakMib')),
  ])
  return table(
    ['', 'guarantee', 'logs/s', '1 instance of this ETL is … times as fast', 'logs per CPU second', 'MiB'],
    rows,
  )
}

const goalTable = (goals: readonly Goal[]): string =>
  table(
    ['goal', 'wanted', 'measured', 'reached'],
    goals.map((goal) => [
      goal.text,
      `${goal.kind === 'at least' ? '≥' : '≤'} ${formatNumber(goal.limit)}`,
      formatNumber(goal.value),
      Number.isNaN(goal.value) ? 'not measured' : isReached(goal) ? 'yes' : '**no**',
    ]),
  )

const quoteField = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** docs/benchmarks.csv: a row for each figure of each run. */
export const formatRuns = (measurements: readonly Measurement[]): string => {
  const rows = measurements.flatMap(({ scenario, size, candidate, round, figures, verdict }) =>
    Object.entries(figures).map(([figure, value]) => [
      ...[scenario, String(size), candidate, String(round)],
      ...[figure, String(Number(value.toPrecision(4))), verdict],
    ]),
  )
  return [['scenario', 'size', 'who', 'round', 'figure', 'value', 'output'], ...rows]
    .map((row) => `${row.map(quoteField).join(',')}\n`)
    .join('')
}

/** The results for a pipeline, with the notes about them. */
export type MeasuredSection = { readonly section: Section; readonly results: Results; readonly notes: string }

const formatRounds = (rounds: number): string => (rounds === 1 ? 'one round' : `medians of ${rounds} rounds`)

const formatSection = ({ section, results, notes }: MeasuredSection): string => {
  const { measuredAt, machine, settings, measurements, load } = results
  const rows = section.rows.flatMap(({ scenario, candidate, size, title, guarantee }) => {
    const own = measurements.filter(
      (one) => one.scenario === scenario && one.candidate === candidate && (size === undefined || one.size === size),
    )
    const values = (figure: string): readonly number[] => own.flatMap(({ figures }) => figures[figure] ?? [])
    const cells = section.columns.map(({ figure }) => formatSpread(spreadOf(values(figure))))
    const isRight = own.every(({ verdict }) => verdict === 'right')
    return own.length === 0 ? [] : [[title, guarantee, ...cells, isRight ? 'right' : '**wrong**']]
  })
  const goals = section.goals(figureOf(measurements))
  const loaded = load ? `, load average ${load.map(formatNumber).join(' to ')}` : ''
  return `## ${section.title}

${section.input(settings)}; ${formatRounds(settings.rounds)}, in turns, in one run, on ${measuredAt.slice(0, 10)}
(${machine.processors}, Linux ${machine.kernel}, Node ${machine.node}, Java ${machine.java}${loaded}). In brackets: the lowest and the highest round.

${table(['', 'guarantee', ...section.columns.map(({ title }) => title), 'outputs'], rows)}

${goals.length === 0 ? '' : `${goalTable(goals)}\n\n`}${notes.trim()}
`
}

/** docs/benchmarks.md, and its plot. */
export const formatDocument = (
  { measuredAt, machine, settings, measurements }: Results,
  candidates: readonly Candidate[],
  notes: string,
  sections: readonly MeasuredSection[],
): { readonly markdown: string; readonly plot: string } => {
  const bars = candidates.flatMap(({ name, title }) => {
    const { median, lowest, highest } = spreadOf(valuesOf(measurements, name, 'logsPerSecond'))
    return Number.isNaN(median)
      ? []
      : [{ label: title, value: median, lowest, highest, isOurs: name.startsWith('etl') }]
  })
  const markdown = `# Benchmarks

<!-- Written by \`make bench\`: change bench/ and bench/notes.md, not this file. -->

${formatNumber(settings.logs)} logs of 66 bytes wait in two topics of one partition; medians of ${settings.rounds} rounds, in turns, in one run.

![Logs a second from the first output to the last](benchmarks.svg)

Measured ${measuredAt.slice(0, 10)} on ${machine.processors}, ${machine.memoryGib} GiB, Linux ${machine.kernel}; Kafka 3.9.1 (one broker on the same
machine), Node ${machine.node}, Java ${machine.java}. Repeat it with \`make bench\` (\`PEERS=\` leaves the others out; \`SCENARIOS\`, \`LOGS\`, \`ROUNDS\`, \`SEED\` choose).

## Backlog

${backlogTable(measurements, candidates)}

In brackets: the lowest and the highest round. Logs per CPU second count the candidate's own processes, from its first output to its last;
MiB is the most that was resident in all of them at any sample (every 50 ms).

## Goals

${goalTable(listGoals(measurements))}

${notes.trim()}

${sections.map(formatSection).join('\n')}
Every figure of every run is in [benchmarks.csv](benchmarks.csv).
`
  return { markdown, plot: plotBars('Logs a second, backlog of two partitions', bars) }
}
