const space = 0x20
const lastPrintable = 0x7e
const quoteMark = 0x22
const backslash = 0x5c

/** Whether JSON prints this byte unescaped in a text: printable ASCII without quotation mark and backslash. */
export const isPlain = (byte: number): boolean =>
  byte >= space && byte <= lastPrintable && byte !== quoteMark && byte !== backslash
