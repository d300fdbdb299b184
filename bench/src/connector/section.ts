import { formatNumber } from '../report.js'
import { atLeast, atMost, type Section } from '../sections.js'
import { connectorEtl, updateSizes } from './scenario.js'

export const connectorSection: Section = {
  name: 'connector',
  title: 'connector: atomic updates',
  input: () => 'Rows of one number in CSV wait in connector_example, a COMMIT behind each update',
  columns: [
    { title: 'rows/s', figure: 'logsPerSecond' },
    { title: 'rows per CPU second, start included', figure: 'logsPerCpuSecondInAll' },
    { title: 'MiB', figure: 'peakMib' },
  ],
  rows: updateSizes.map(({ rowsAnUpdate, bytesARow }) => ({
    scenario: bytesARow > 0 ? 'connector-memory' : 'connector',
    candidate: connectorEtl.name,
    size: rowsAnUpdate,
    title:
      bytesARow > 0
        ? `one update of ${formatNumber(rowsAnUpdate)} rows of ${bytesARow} bytes`
        : `updates of ${formatNumber(rowsAnUpdate)}`,
    guarantee: 'exactly once, ordered, atomic',
  })),
  goals: (of) => [
    ...[100, 100_000].map((size) =>
      atLeast(
        `updates of ${formatNumber(size)} rows, rows/s`,
        of('connector', connectorEtl.name, 'logsPerSecond', size),
        100_000,
      ),
    ),
    atMost('memory with one update of 61 MiB, MiB', of('connector-memory', connectorEtl.name, 'peakMib'), 512),
  ],
}
