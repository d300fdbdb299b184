import { printable } from '@kafka-etl/common'

/** A text of several lines as a terminal may show it: its line ends and tabs, and nothing else that steers. */
export const printableLines = (text: string): string => text.replaceAll(/[^\n\t]+/g, (stretch) => printable(stretch))
