import type { Measurement } from './bench-context.js'
import { medianFigure, type Goal } from './goals.js'
import type { Results } from './run-results.js'
import { timestampsScenarios, type BenchSettings, type scenarioNames } from './settings.js'

/** A part of the document about a pipeline other than the default one, measured by one scenario. */
export type Section = {
  /** The scenario, its file in bench/measured, and its text in bench/notes. */
  readonly name: (typeof scenarioNames)[number]
  readonly title: string
  /** Describes the backlog. */
  readonly input: (settings: BenchSettings) => string
  readonly columns: readonly Column[]
  /** The rows of the table in order: title and guarantee by the candidate's name. */
  readonly rows: readonly Row[]
  readonly goals: (of: FigureOf) => readonly Goal[]
}

export type Column = { readonly title: string; readonly figure: string }
export type Row = {
  readonly scenario: string
  readonly candidate: string
  readonly size?: number
  readonly title: string
  readonly guarantee: string
}
export type FigureOf = (scenario: string, candidate: string, figure: string, size?: number) => number

export const figureOf =
  (measurements: readonly Measurement[]): FigureOf =>
  (scenario, candidate, figure, size) =>
    medianFigure(measurements, scenario, candidate, figure, size)

/** Whether a run measured everything in the default pipeline's part of the document. */
export const isWholeRun = ({ settings, measurements }: Results, peers: readonly string[]): boolean =>
  peers.every((name) => settings.peers.includes(name)) &&
  timestampsScenarios.every((name) => measurements.some(({ scenario }) => scenario === name))

export const atLeast = (text: string, value: number, limit: number): Goal => ({ text, value, limit, kind: 'at least' })
export const atMost = (text: string, value: number, limit: number): Goal => ({ text, value, limit, kind: 'at most' })
