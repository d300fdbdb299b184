import { printable } from '@kafka-etl/common'

/**
 * Makes a text of several lines safe for a terminal: keeps its line breaks and tabs, but no other control characters.
 */
export const printableLines = (text: string): string => text.replaceAll(/[^\n\t]+/g, (stretch) => printable(stretch))
