import type { Flow, LiveState } from '../src/protocol.js'
import { html, setText } from './dom.js'
import { hear } from './store.js'

/** The clocks of the zones of the logs, next to the single timeline that they become. */
export const drawClocks = (place: HTMLElement, { zones, topics }: Flow, until: AbortSignal): void => {
  const unified = topics.find(({ resultFile }) => resultFile !== undefined)?.name
  if (zones.length === 0 || unified === undefined) return
  const rows = zones.map(({ topic, zone }) => ({
    topic,
    read: readDate,
    label: zone,
    shown: html('output', { class: 'clock' }, '–'),
  }))
  const line = {
    topic: unified,
    read: readTimestamp,
    label: 'one line, UTC',
    shown: html('output', { class: 'clock' }, '–'),
  }
  const all = [...rows, line]
  place.replaceChildren(
    html(
      'section',
      { class: 'panel' },
      html('h2', {}, `${zones.length} clocks, one line`),
      html(
        'dl',
        { class: 'clocks' },
        ...all.map(({ label, topic, shown }) =>
          html('div', {}, html('dt', {}, label, html('span', { class: 'dim' }, ` ${topic}`)), html('dd', {}, shown)),
        ),
      ),
    ),
  )
  const show = (state: LiveState): void => {
    for (const { topic, read, shown } of all) {
      const newest = state.topics.find(({ name }) => name === topic)?.newest
      const time = newest === undefined ? undefined : read(newest)
      // A record that cannot be read leaves the clock unchanged.
      if (time !== undefined) setText(shown, time)
    }
  }
  hear('state', show, until)
}

const readField = (text: string, field: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined
  } catch {
    return undefined
  }
}

/** The wall clock time as it is in the log. */
const readDate = (text: string): string | undefined => {
  const date = readField(text, 'date')
  return typeof date === 'string' ? date.slice(0, 40) : undefined
}

const readTimestamp = (text: string): string | undefined => {
  const timestamp = readField(text, 'timestamp')
  const date = new Date(typeof timestamp === 'number' ? timestamp : Number.NaN)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('T', ' ').replace('Z', ' +0000')
}
