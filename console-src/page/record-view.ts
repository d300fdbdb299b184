import type { ShownBytes, ShownRecord, Trace } from '../src/protocol.js'
import { html, table } from './dom.js'
import { formatBytes, formatTime } from './format.js'
import { linkOf, showShort } from './records-table.js'
import { say } from './say.js'
import { ask } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

/** One record in full, with its sources and its outputs. Its address leads back to it. */
export const showRecordView: View = (place, until, [topic = '', partition = '', offset = '']) => {
  const content = html('div', {})
  place.append(html('h1', {}, `${topic}/${partition}/${offset}`), content)
  const load = async (): Promise<void> => {
    const trace = await ask<Trace>('/api/trace', { topic, partition, offset })
    if (!until.aborted) content.replaceChildren(...describe(trace))
  }
  say(content, load())
}

const describe = ({ origin, outcome, without }: Trace): readonly HTMLElement[] => {
  const record = origin.at(-1)
  if (!record) return []
  const nothing = without.length === 0 ? '' : `It made nothing in ${without.join(', ')}.`
  return [
    html(
      'section',
      {},
      html('h2', {}, 'Where it came from (', term('source'), ')'),
      listRecords(origin.slice(0, -1), 'It was written here directly, not made from another record.'),
    ),
    html('section', {}, html('h2', {}, 'The record'), ...describeRecord(record)),
    html(
      'section',
      {},
      html('h2', {}, 'What became of it'),
      listRecords(outcome, 'Nothing was made from it (yet), or no step reads this topic.'),
      html('p', { class: 'dim' }, nothing),
    ),
  ]
}

const listRecords = (records: readonly ShownRecord[], none: string): HTMLElement =>
  records.length === 0
    ? html('p', { class: 'dim' }, none)
    : html(
        'ol',
        { class: 'trace' },
        ...records.map((record) =>
          html(
            'li',
            {},
            html('a', { href: linkOf(record) }, `${record.topic}/${record.partition}/${record.offset}`),
            ' ',
            showShort(record.value),
            html('span', { class: 'dim' }, reasonOf(record)),
          ),
        ),
      )

const reasonOf = ({ headers }: ShownRecord): string => {
  const reason = headers.findLast(({ name }) => name === '__etl.errors.reason')?.value.text
  return reason === undefined ? '' : ` rejected: ${reason}`
}

const describeRecord = ({ topic, timestampMs, key, value, headers }: ShownRecord): readonly HTMLElement[] => [
  html(
    'dl',
    {},
    html('div', {}, html('dt', {}, term('topic')), html('dd', {}, html('a', { href: `#/topic/${topic}` }, topic))),
    html('div', {}, html('dt', {}, term('timestamp')), html('dd', {}, formatTime(timestampMs))),
    html('div', {}, html('dt', {}, term('key')), html('dd', {}, showShort(key))),
  ),
  html('h3', {}, term('value'), ` (${describeKind(value)})`),
  html('pre', { tabindex: 0, 'aria-label': 'value' }, value.text),
  html('h3', {}, term('header', 'headers')),
  table(
    'Headers',
    ['name', 'value'],
    headers.map((header) => [header.name, showShort(header.value)]),
  ),
]

const describeKind = ({ kind, bytes, isCut }: ShownBytes): string => {
  const names = {
    none: 'null: a tombstone',
    text: 'text',
    json: 'JSON',
    decoded: 'decoded by the pipeline’s format',
    hex: 'bytes in hexadecimal',
  }
  return `${names[kind]}${kind === 'none' ? '' : `, ${formatBytes(bytes)}`}${isCut ? ', the beginning of it' : ''}`
}
