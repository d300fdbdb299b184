/**
 * Everything but these: ASCII and C1 control characters, line and paragraph separators (U+2028, U+2029), and
 * Bidi_Control. The ranges are spelled out because classes such as \p{Control} make a service load 5 MB of tables at
 * start.
 */
const unprintable = /[^ -~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\uffff]/g

/**
 * Makes foreign text safe for a terminal. Escapes the characters that could move the cursor, change the title or
 * reverse the text: ASCII and C1 control characters, line and paragraph separators, bidirectional controls.
 */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })

/** Bytes as text if they are valid UTF-8, otherwise in hexadecimal. */
export const printableBytes = (bytes: Buffer | null): string => {
  if (bytes === null) return '(null)'
  try {
    return printable(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return `hex ${bytes.toString('hex')}`
  }
}
