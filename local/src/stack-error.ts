/** An error that the user of `make` can fix. Its message says how, and nothing else is printed. */
export class StackError extends Error {
  override readonly name = 'StackError'
}
