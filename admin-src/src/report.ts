/** What a command has to say: for people, for scripts (`--json`), and whether all is well. */
export type Report = {
  readonly text: string
  /** Anything that JSON can hold, and bigint, which is printed as a number. */
  readonly json: unknown
  readonly exitCode: 0 | 1
}

/** JSON with offsets as numbers; one line, so that scripts can read it line by line. */
export const formatJson = (value: unknown): string =>
  JSON.stringify(value, (_name, field: unknown) => (typeof field === 'bigint' ? Number(field) : field))
