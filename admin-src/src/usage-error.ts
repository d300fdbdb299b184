/** An argument that cannot be used: a sentence that says what was expected and what came; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
