type Cell = string | number | bigint

/**
 * Formats rows under a head, with two blanks between columns. Right-aligns columns of numbers; `-` stands for a missing
 * one.
 */
export const formatTable = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const columns = head.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? '')
    const width = Math.max(title.length, ...cells.map((cell) => String(cell).length))
    return { width, isRight: cells.some(isNumber) && cells.every((cell) => isNumber(cell) || cell === '-') }
  })
  const formatRow = (row: readonly Cell[]): string =>
    columns
      .map(({ width, isRight }, column) => {
        const text = String(row[column] ?? '')
        return isRight ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(formatRow).join('\n')
}

const isNumber = (cell: Cell): boolean => typeof cell !== 'string'
