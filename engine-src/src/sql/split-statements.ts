/** One statement of a SQL file, without comments, and the line of the file on which it begins, from 1. */
export type Statement = { readonly text: string; readonly line: number }

// Tokens in which a semicolon or a word does not count: comments, texts, quoted names.
const token = /--[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:[^']|'')*'?|`(?:[^`]|``)*`?|"(?:[^"]|"")*"?|\w+|[^]/g

const countLines = (text: string): number => text.split('\n').length - 1

const isComment = (part: string): boolean => part.startsWith('--') || part.startsWith('/*')

/**
 * Splits a SQL file at its semicolons. A statement set, from `BEGIN` to `END`, is one statement. The line breaks of a
 * comment stay: a line in a statement corresponds to a line in the file.
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
    // The END of a CASE does not count: it follows no semicolon.
    if (/^END$/i.test(part) && /;\s*$/.test(text)) isSet = false
    if (part === ';' && !isSet) finish()
    else text += part
  }
  finish()
  return statements
}
