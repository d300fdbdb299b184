import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Static, TObject } from 'typebox'
import { ownField } from '../own-field.js'
import { compileCheck } from './checked-schema.js'
import { listColumns, type Column, type Field } from './csv-columns.js'
import { formatLine, parseLines, type Line } from './csv-text.js'
import { refuse, type Decoded, type Format, type FormatState, type Refused } from './format.js'

export type CsvOptions = {
  /** One character between two fields. Default: a comma. */
  readonly delimiter?: string
  /**
   * `first` (default): the first record of each partition names the columns, once. `none`: no record does; the columns
   * are those of the schema, in its order. Outputs always use that order.
   */
  readonly header?: 'first' | 'none'
}

/**
 * CSV (RFC 4180) with one or more rows per record. An empty field is missing; `""` is an empty text. Columns that the
 * schema lacks are ignored. A second header counts as a row. If the header or a row does not match, the whole record is
 * refused.
 */
export const csv = <Schema extends TObject>(schema: Schema, options: CsvOptions = {}): Format<Static<Schema>> => {
  const { delimiter = ',', header = 'first' } = options
  if (delimiter.length !== 1 || /["\r\n\ufeff]/.test(delimiter)) {
    throw new Error(
      `csv: expected a delimiter of one character, neither quote nor line break, got ${JSON.stringify(delimiter)}`,
    )
  }
  const columns = listColumns(schema)
  const names = columns.map(({ name }) => name)
  const check = compileCheck(schema)
  const readRows = createReadRows(columns, check) as ReadRows<Static<Schema>>

  const readLines = (bytes: Buffer | null): Decoded<readonly Line[]> => {
    if (bytes === null || bytes.length === 0) return refuse('value_empty', 'expected CSV, got an empty value')
    if (!isUtf8(bytes)) return refuse('value_not_utf8', 'expected UTF-8, got other bytes')
    const parsed = parseLines(bytes.toString('utf8'), delimiter)
    return parsed.ok ? { ok: true, value: parsed.lines } : refuse('csv_row_invalid', parsed.message)
  }
  const decodeRows = (bytes: Buffer | null, header: readonly string[]): Decoded<readonly Static<Schema>[]> => {
    const lines = readLines(bytes)
    return lines.ok ? readRows(lines.value, header) : lines
  }

  return {
    name: 'csv',
    schema,
    decode: (bytes) => {
      const rows = decodeRows(bytes, names)
      if (!rows.ok) return rows
      const [value, ...others] = rows.value
      return value !== undefined && others.length === 0
        ? { ok: true, value }
        : refuse('csv_row_invalid', `expected one row, got ${rows.value.length}`)
    },
    encode: (value) => {
      const fault = check(value)
      if (fault) return fault
      const fields = names.map((name) => ownField(value, name) as string | undefined)
      const line = formatLine(fields, delimiter)
      if (!line.isWellFormed()) return refuse('value_not_valid', 'expected Unicode text, got half of a surrogate pair')
      return { ok: true, bytes: Buffer.from(line) }
    },
    rows: {
      startsWithHeader: header === 'first',
      decode: (bytes, offset, state) => {
        if (header === 'none') return { decoded: decodeRows(bytes, names), state: undefined }
        if (state) return { decoded: decodeRows(bytes, state.columns), state }
        const lines = readLines(bytes)
        if (!lines.ok) return { decoded: asHeaderFault(lines), state }
        const [first, ...rest] = lines.value.filter((line) => !isBlank(line))
        const fault = findHeaderFault(first ?? [], names)
        if (bytes === null || first === undefined || fault) {
          return { decoded: fault ?? refuse('csv_header_invalid', 'expected a header, got empty lines'), state }
        }
        const found = stateOf(first, bytes, offset)
        return { decoded: readRows(rest, found.columns), state: found }
      },
    },
  }
}

const isBlank = (line: Line): boolean => line.length === 1 && line[0] === undefined

const stateOf = (header: Line, bytes: Buffer, offset: bigint): FormatState => ({
  columns: header.map((name) => name ?? ''),
  offset,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

const asHeaderFault = (fault: Refused): Refused =>
  fault.reason === 'csv_row_invalid' ? refuse('csv_header_invalid', fault.message) : fault

const findHeaderFault = (header: Line, names: readonly string[]): Refused | undefined => {
  const missing = names.filter((name) => !header.includes(name))
  const twice = names.filter((name) => header.indexOf(name) !== header.lastIndexOf(name))
  if (missing.length === 0 && twice.length === 0) return undefined
  const expected = missing.length > 0 ? `the columns ${missing.join(', ')} in the header` : `${twice.join(', ')} once`
  return refuse('csv_header_invalid', `expected ${expected}, got ${shorten(header.join(', '))}`)
}

type ReadRows<Row> = (lines: readonly Line[], header: readonly string[]) => Decoded<readonly Row[]>

const createReadRows = (
  columns: readonly Column[],
  check: (value: unknown) => Refused | undefined,
): ReadRows<unknown> => {
  const indexesOf = new WeakMap<readonly string[], readonly number[]>()
  const places = (header: readonly string[]): readonly number[] => {
    const known = indexesOf.get(header)
    if (known) return known
    const found = columns.map(({ name }) => header.indexOf(name))
    indexesOf.set(header, found)
    return found
  }
  const takesBlank = columns.length === 1 && columns[0]?.missing !== 'fault'
  return (lines, header) => {
    const at = places(header)
    const rows: unknown[] = []
    for (const [index, line] of lines.entries()) {
      // With a single column, an empty line is a row without a value. Otherwise it is no row.
      if (isBlank(line) && (header.length > 1 || !takesBlank)) continue
      const row = readRow(line, header, columns, at)
      const fault = typeof row === 'string' ? row : check(row)?.message
      if (fault !== undefined) {
        return refuse('csv_row_invalid', lines.length === 1 ? fault : `row ${index + 1} of the record: ${fault}`)
      }
      rows.push(row)
    }
    return { ok: true, value: rows }
  }
}

/** The row, or what is wrong with it. */
const readRow = (
  line: Line,
  header: readonly string[],
  columns: readonly Column[],
  indexes: readonly number[],
): Readonly<Record<string, unknown>> | string => {
  if (line.length !== header.length) return `expected ${header.length} columns, got ${line.length}`
  const row: Record<string, unknown> = {}
  for (const [place, column] of columns.entries()) {
    const field = line[indexes[place] ?? -1]
    const value = readField(field, column)
    if (value === undefined && !(isMissing(field, column) && column.missing === 'left out')) {
      return `expected ${column.name} to be ${column.expected}, got ${field === undefined ? 'nothing' : shorten(JSON.stringify(field))}`
    }
    if (value !== undefined) row[column.name] = value
  }
  return row
}

/**
 * Whether a field is missing. `""` is an empty text in a text column. In other columns it is missing, since some
 * programs quote every field.
 */
const isMissing = (field: Field, { expected }: Column): boolean =>
  field === undefined || (field === '' && expected !== 'text')

const readField = (field: Field, column: Column): unknown => {
  if (field !== undefined && !isMissing(field, column)) return column.read(field)
  return column.missing === 'null' ? null : undefined
}

const mostCharacters = 60

const shorten = (text: string): string => (text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`)
