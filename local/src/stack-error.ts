/** Something that whoever typed `make` can mend; its message says how, and is all that is printed. */
export class StackError extends Error {
  override readonly name = 'StackError'
}
