import Table from 'cli-table3'

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Rows under a head, in columns; columns of numbers to the right. */
export const formatTable = (
  head: readonly string[],
  rows: readonly (readonly (string | number | bigint)[])[],
): string => {
  const colAligns = head.map((_name, column) => (rows.every((row) => isNumeric(row[column])) ? 'right' : 'left'))
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 }
  const table = new Table({ head: [...head], colAligns, chars: noBorders, style })
  table.push(...rows.map((row) => row.map(String)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const isNumeric = (cell: unknown): boolean => typeof cell === 'number' || typeof cell === 'bigint' || cell === '-'
