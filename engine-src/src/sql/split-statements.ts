/** One statement of a SQL file, without comments, and the line of the file that it begins on, from 1. */
export type Statement = { readonly text: string; readonly line: number }

// What a semicolon, or a word, within does not count in: comments, texts, quoted names.
const token = /--[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:[^']|'')*'?|`(?:[^`]|``)*`?|"(?:[^"]|"")*"?|\w+|[^]/g

const countLines = (text: string): number => text.split('\n').length - 1

const isComment = (part: string): boolean => part.startsWith('--') || part.startsWith('/*')

/**
 * Splits a SQL file at its semicolons. A statement set, from `BEGIN` to `END`, is one statement. A comment leaves its
 * line breaks, so that a position in a statement is one in the file.
 */
export const splitStatements = (sql: string): readonly Statement[] => {
  const statements: Statement[] = []
  let text = ''
  let line = 1
  let isSet = false
  const finish = (): void => {
    const body = text.trimStart()
    if (body !== '') statements.push({ text: body.trimEnd(), line: line - countLines(body) })
    text = ''
    isSet = false
  }
  for (const [part] of sql.matchAll(token)) {
    line += countLines(part)
    if (isComment(part)) {
      text += '\n'.repeat(countLines(part))
      continue
    }
    if (/^BEGIN$/i.test(part) && /\bSTATEMENT\s+SET\s*$/i.test(text)) isSet = true
    // Not the END of a CASE: that follows no semicolon.
    if (/^END$/i.test(part) && /;\s*$/.test(text)) isSet = false
    if (part === ';' && !isSet) finish()
    else text += part
  }
  finish()
  return statements
}
