import { describe, expect, it } from '@jest/globals'
import type { Measurement } from '../src/bench-context.js'
import { formatDocument } from '../src/document.js'
import type { Results } from '../src/run-results.js'
import { atLeast, type Section } from '../src/sections.js'

const measured = (candidate: string, round: number, logsPerSecond: number, verdict = 'right'): Measurement => ({
  scenario: 'noaa',
  candidate,
  round,
  size: 10,
  figures: { logsPerSecond },
  verdict,
})

const resultsOf = (measurements: readonly Measurement[]): Results => ({
  measuredAt: '2026-11-26T20:00:00.000Z',
  load: [3, 12.5],
  machine: { processors: '2 × CPU', memoryGib: 4, kernel: '6', node: '24', java: '17' },
  settings: { peers: [], scenarios: [], logs: 10, rounds: 2, seed: 1 },
  measurements,
})

const section: Section = {
  name: 'noaa',
  title: 'noaa: chained',
  input: ({ logs }) => `${logs} readings wait`,
  columns: [{ title: 'readings/s', figure: 'logsPerSecond' }],
  rows: ['etl', 'peer', 'absent'].map((candidate) => ({
    scenario: 'noaa',
    candidate,
    title: candidate,
    guarantee: 'none',
  })),
  goals: (of) => [
    atLeast('twice', of('noaa', 'etl', 'logsPerSecond') / of('noaa', 'peer', 'logsPerSecond'), 2),
    atLeast('of nobody', of('noaa', 'absent', 'logsPerSecond'), 2),
  ],
}

describe('the section of a pipeline', () => {
  const results = resultsOf([
    ...[measured('etl', 1, 100), measured('etl', 2, 300)],
    ...[measured('peer', 1, 150), measured('peer', 2, 150, '1 lost')],
  ])
  const { markdown } = formatDocument(resultsOf([]), [], '', [{ section, results, notes: '- A note.' }])

  it('shows medians, lowest and highest of who was measured, and whose outputs were wrong', () => {
    expect(markdown).toContain('| etl | none | 200 (100 to 300) | right |')
    expect(markdown).toContain('| peer | none | 150 (150 to 150) | **wrong** |')
    expect(markdown).not.toContain('absent |')
  })

  it('says which goals are missed, and by how much, and which were not measured', () => {
    expect(markdown).toContain('| twice | ≥ 2 | 1.33 | **no** |')
    expect(markdown).toContain('| of nobody | ≥ 2 | – | not measured |')
  })

  it('says what was waiting, on which machine, and what else it had to do', () => {
    expect(markdown).toContain('10 readings wait; medians of 2 rounds')
    expect(markdown).toContain('load average 3 to 12.5')
    expect(markdown).toContain('- A note.')
  })
})
