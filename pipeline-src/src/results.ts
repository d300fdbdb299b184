/** How a topic's records become rows of a CSV file. */
export type Result = {
  readonly kind: 'rows'
  /** Field names, dotted paths (`station.id`), `$key`, `$deleted`. */
  readonly columns: readonly string[]
  /** Whether `make` waits for its first row. */
  readonly first: boolean
  /** The path within RESULTS_DIR; undefined: `<pipeline>/<topic>.csv`. */
  readonly file: string | undefined
}

/** Makes the reader write one row for each record, with these columns. */
export const rows = (
  columns: readonly string[],
  { first = false, file }: { readonly first?: boolean; readonly file?: string } = {},
): Result => ({ kind: 'rows', columns, first, file })
