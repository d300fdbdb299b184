/** How a topic's records become rows of a CSV file. */
export type Result = {
  readonly kind: 'rows'
  /** Names of fields, dotted paths (`station.id`), `$key`, `$deleted`. */
  readonly columns: readonly string[]
  /** Its first row is what `make` waits for. */
  readonly first: boolean
  /** In RESULTS_DIR; undefined: `<pipeline>/<topic>.csv`. */
  readonly file: string | undefined
}

/** The reader writes one row for each record, with these columns. */
export const rows = (
  columns: readonly string[],
  { first = false, file }: { readonly first?: boolean; readonly file?: string } = {},
): Result => ({ kind: 'rows', columns, first, file })
