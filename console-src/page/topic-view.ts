import { topicNamePattern, type RecordsPage, type ShownRecord, type TopicDetail } from '../src/protocol.js'
import { button, html, setText, table } from './dom.js'
import { formatBytes, formatCount, plural } from './format.js'
import { recordRow } from './records-table.js'
import { say } from './say.js'
import { hear, known, type TopicRecords } from './store.js'
import { ask, openStream } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

const mostRows = 200

/** A topic: its records as they arrive or from a position on, and what Kafka knows about it. */
export const showTopic: View = (place, until, [name = '']) => {
  if (!new RegExp(topicNamePattern).test(name)) {
    openStream(undefined)
    place.append(html('h1', {}, name), html('p', {}, 'No topic can have this name. ', allTopics()))
    return
  }
  openStream(name)
  const detail = html('div', {})
  place.append(html('h1', {}, name), html('p', { class: 'dim' }, allTopics()))
  showRecords(place, until, name)
  place.append(detail)
  const load = async (): Promise<void> => {
    const topic = await ask<TopicDetail>('/api/topic', { topic: name })
    if (!until.aborted) detail.replaceChildren(...describe(topic))
  }
  say(detail, load())
}

const allTopics = (): HTMLElement => html('a', { href: '#/topics' }, 'All topics')

const showRecords = (place: HTMLElement, until: AbortSignal, topic: string): void => {
  const { element: controls, mode, where, filter, pause } = createControls()
  const note = html('p', { class: 'dim note' })
  const body = html('tbody', {})
  const caption = html('caption', {}, 'Records')
  const columns = [term('place'), term('timestamp', 'time'), term('key'), term('value'), term('header', 'headers')]
  const heads = columns.map((column) => html('th', { scope: 'col' }, column))
  const grid = html('table', { class: 'records' }, caption, html('thead', {}, html('tr', {}, ...heads)), body)
  const fault = html('div', {})
  place.append(
    html(
      'section',
      {},
      html('h2', {}, term('record', 'Records')),
      controls,
      note,
      fault,
      html('div', { class: 'table list', tabindex: 0, role: 'region', 'aria-label': 'List of records' }, grid),
    ),
  )
  let isPaused = false
  let passedOver = 0
  let leftOut = 0
  const shown = new Set<string>()

  const add = (records: readonly ShownRecord[]): void => {
    for (const record of records) {
      const id = `${record.partition}/${record.offset}`
      if (shown.has(id)) continue
      shown.add(id)
      body.prepend(recordRow(record))
    }
    while (body.rows.length > mostRows) body.lastElementChild?.remove()
    if (shown.size > 20 * mostRows) shown.clear()
  }
  const tellNote = (): void => {
    const inTopic = known('state')?.topics.find(({ name }) => name === topic)
    const empty = body.rows.length === 0 ? 'No records are shown: there are none, or none that match.' : ''
    const sampled =
      passedOver > 0 ? `More records arrive than can be shown: ${formatCount(passedOver)} were skipped. ` : ''
    const count = inTopic ? `${inTopic.isExact ? '' : 'About '}${plural(inTopic.records, 'record')} in the topic. ` : ''
    const partial =
      leftOut > 0 ? `Of ${plural(leftOut, 'partition')} nothing is shown: choose an offset, such as 99/0. ` : ''
    setText(note, `${count}${sampled}${partial}${isPaused ? 'Paused. ' : ''}${empty}`)
  }
  const load = async (): Promise<void> => {
    fault.replaceChildren()
    const query = { topic, filter: filter.value, ...placeOf(mode.value, where.value) }
    const page = await ask<RecordsPage>('/api/records', query)
    if (until.aborted) return
    body.replaceChildren()
    shown.clear()
    passedOver = 0
    leftOut = page.partitionsLeftOut
    if (mode.value === 'newest') add(page.records)
    else body.append(...page.records.map((record) => recordRow(record)))
    tellNote()
  }
  const take = ({ topic: of, records, skipped }: TopicRecords): void => {
    if (of !== topic || mode.value !== 'newest' || isPaused || filter.value !== '') return
    passedOver += skipped
    add(records)
    tellNote()
  }
  pause.addEventListener('click', () => {
    isPaused = !isPaused
    pause.setAttribute('aria-pressed', String(isPaused))
    setText(pause, isPaused ? 'Resume' : 'Pause')
    if (isPaused) tellNote()
    else say(fault, load())
  })
  controls.addEventListener('submit', (event) => {
    event.preventDefault()
    say(fault, load())
  })
  mode.addEventListener('change', () => {
    where.hidden = mode.value === 'newest'
    where.placeholder = mode.value === 'offset' ? 'partition/offset, 0/0' : '2026-01-31 12:00'
    if (mode.value === 'newest') say(fault, load())
  })
  hear('records', take, until)
  hear('state', tellNote, until)
  // Whenever the stream begins, load the records that came before.
  hear('flow', () => say(fault, load()), until)
}

const createControls = () => {
  const choice = (value: string, label: string): HTMLOptionElement => html('option', { value }, label)
  const mode = html(
    'select',
    { 'aria-label': 'Which records' },
    choice('newest', 'newest, as they come'),
    choice('offset', 'from an offset on'),
    choice('time', 'from a time on'),
  )
  const where = html('input', { type: 'text', 'aria-label': 'Place or time', hidden: true, autocomplete: 'off' })
  const filter = html('input', {
    type: 'search',
    'aria-label': 'Text that a record contains',
    placeholder: 'contains the text',
    maxlength: 200,
    autocomplete: 'off',
  })
  const pause = button('Pause', () => undefined)
  pause.setAttribute('aria-pressed', 'false')
  const show = html('button', { type: 'submit' }, 'Show')
  const element = html(
    'form',
    { class: 'controls', role: 'search', 'aria-label': 'Records' },
    mode,
    where,
    filter,
    show,
    pause,
  )
  return { element, mode, where, filter, pause }
}

/** Parses `0/4711` or `4711`; a time is local unless it has an offset. */
const placeOf = (mode: string, where: string): Readonly<Record<string, string>> => {
  if (mode === 'offset') {
    const [, partition, offset] = /^(?:(\d+)\/)?(\d+)$/.exec(where.trim()) ?? []
    if (offset === undefined)
      throw new Error(`Expected partition/offset, such as 0/4711, got ${where === '' ? 'nothing' : where}.`)
    return { partition: partition ?? '0', offset }
  }
  if (mode === 'time') {
    const time = /^\d{10,}$/.test(where.trim()) ? Number(where) : Date.parse(where)
    if (Number.isNaN(time))
      throw new Error(`Expected a time, such as 2026-01-31 12:00, got ${where === '' ? 'nothing' : where}.`)
    return { time: String(time) }
  }
  return {}
}

const describe = ({ partitions, partitionCount, settings, readers }: TopicDetail): readonly HTMLElement[] => [
  html(
    'section',
    {},
    html('h2', {}, term('partition', 'Partitions')),
    table(
      partitions.length < partitionCount
        ? `${partitions.length} of ${plural(partitionCount, 'partition')}`
        : plural(partitionCount, 'partition'),
      ['partition', term('offset', 'first offset'), 'next offset', 'size'],
      partitions.map(({ partition, start, stableEnd, bytes }) => [
        String(partition),
        start,
        stableEnd,
        bytes === undefined ? '–' : formatBytes(Number(bytes)),
      ]),
    ),
    html('p', { class: 'dim' }, 'Transaction markers take offsets, too, so there are more offsets than records.'),
  ),
  html(
    'section',
    {},
    html('h2', {}, 'Read by the ', term('group', 'groups')),
    html('p', {}, readers.length === 0 ? 'No group reads it at present.' : readers.join(', ')),
  ),
  html(
    'section',
    {},
    html('h2', {}, term('setting', 'Settings')),
    table(
      'Settings of the topic',
      ['name', 'value'],
      Object.entries(settings).map(([name, value]) => [name, value]),
    ),
  ),
]
