import { parsers, type Setting } from '@kafka-etl/common'

/** The reader's own settings. */
export const readerSettings = {
  resultsDir: {
    name: 'RESULTS_DIR',
    parse: parsers.text,
    default: 'results',
    doc: 'where the reader keeps results.csv and its positions',
  } satisfies Setting<string>,
  follow: {
    name: 'READER_FOLLOW',
    parse: parsers.boolean,
    default: 'true',
    doc: 'false: write what is committed now, then exit 0',
  } satisfies Setting<boolean>,
  spreadsheetSafe: {
    name: 'READER_SPREADSHEET_SAFE',
    parse: parsers.boolean,
    default: 'false',
    doc: "true: put ' before messages that a spreadsheet would take for a formula (= + - @ TAB CR NUL first)",
  } satisfies Setting<boolean>,
  stallSeconds: {
    name: 'READER_STALL_SECONDS',
    parse: parsers.integer({ min: 5, max: 3_600 }),
    default: '60',
    doc: 'no progress for so long though there is lag: the reader ends with exit code 1, to be started again',
  } satisfies Setting<number>,
}
