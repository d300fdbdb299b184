import type { ShownBytes, ShownRecord } from '../src/protocol.js'
import { html } from './dom.js'
import { formatBytes, formatTime } from './format.js'

export const linkOf = ({ topic, partition, offset }: Pick<ShownRecord, 'topic' | 'partition' | 'offset'>): string =>
  `#/record/${topic}/${partition}/${offset}`

/** Bytes in one line, with their kind and size if the text alone does not show them. */
export const showShort = ({ kind, text, bytes, isCut }: ShownBytes): HTMLElement => {
  if (kind === 'none') return html('span', { class: 'dim' }, 'null')
  if (bytes === 0) return html('span', { class: 'dim' }, 'empty')
  const mark = kind === 'hex' ? 'hex ' : kind === 'decoded' ? 'decoded ' : ''
  const cut = isCut ? ` … (${formatBytes(bytes)})` : ''
  return html(
    'span',
    { class: 'bytes' },
    html('span', { class: 'dim' }, mark),
    text,
    html('span', { class: 'dim' }, cut),
  )
}

/** A record as a row of the table of records. */
export const recordRow = (record: ShownRecord, extra: readonly (Node | string)[] = []): HTMLTableRowElement => {
  const { topic, partition, offset, timestampMs, key, value, headers } = record
  const cell = (column: string, ...content: readonly (Node | string)[]): HTMLTableCellElement =>
    html('td', { 'data-column': column }, ...content)
  const place = `${partition}/${offset}`
  return html(
    'tr',
    {},
    cell('place', html('a', { href: linkOf(record), 'aria-label': `record ${topic}/${place}` }, place)),
    cell('time', formatTime(timestampMs)),
    cell('key', showShort(key)),
    cell('value', showShort(value)),
    cell('headers', headers.map(({ name }) => name).join(', ')),
    ...extra,
  )
}
