/** How a topic's records become rows of a CSV file. */
export type Result = {
  readonly kind: 'rows'
  /** Names of fields, dotted paths (`station.id`), `$key`, `$deleted`. */
  readonly columns: readonly string[]
  /** Its first row is what `make` waits for. */
  readonly first: boolean
}

/** The reader writes one row for each record, with these columns. */
export const rows = (columns: readonly string[], options: { readonly first?: boolean } = {}): Result => ({
  kind: 'rows',
  columns,
  first: options.first ?? false,
})
