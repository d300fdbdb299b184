/**
 * All but what is harmless, since classes such as \p{Control} make a service load 5 MB of tables when it starts: control
 * characters of ASCII and C1, line and paragraph separators (U+2028, U+2029), and Bidi_Control.
 */
const unprintable = /[^ -~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\uffff]/g

/**
 * Text of others as a terminal may show it: characters that could move its cursor, change its title or turn what it
 * shows around (control characters of ASCII and C1, line and paragraph separators, bidirectional controls) are escaped.
 */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })

/** Bytes as text if they are UTF-8, else in hexadecimal. */
export const printableBytes = (bytes: Buffer | null): string => {
  if (bytes === null) return '(null)'
  try {
    return printable(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return `hex ${bytes.toString('hex')}`
  }
}
