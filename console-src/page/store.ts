import type { Flow, History, HistoryPoint, LiveState, RecordsPage } from '../src/protocol.js'

export type TopicRecords = RecordsPage & { readonly topic: string }

/** The data that the page receives, by event name. */
type Events = {
  flow: Flow
  state: LiveState
  history: History
  records: TopicRecords
  connection: 'connecting' | 'live' | 'lost'
}

type Hear<Name extends keyof Events> = (value: Events[Name]) => void

const listeners: { [Name in keyof Events]: Set<Hear<Name>> } = {
  flow: new Set(),
  state: new Set(),
  history: new Set(),
  records: new Set(),
  connection: new Set(),
}
const latest: Partial<Events> = {}

export const tell = <Name extends keyof Events>(name: Name, value: Events[Name]): void => {
  latest[name] = value
  for (const hear of listeners[name]) hear(value)
}

/** Calls the listener from now on until `until` is aborted, and at once if data is known. */
export const hear = <Name extends keyof Events>(name: Name, listener: Hear<Name>, until?: AbortSignal): void => {
  listeners[name].add(listener)
  until?.addEventListener('abort', () => listeners[name].delete(listener))
  const known = latest[name]
  if (known !== undefined && name !== 'records') listener(known)
}

export const known = <Name extends keyof Events>(name: Name): Events[Name] | undefined => latest[name]

const keptMs = 600_000

/** Adds a point to the history and removes points that are too old. */
export const addPoint = ({ times, series }: History, { atMs, values }: HistoryPoint): History => {
  const first = times.findIndex((time) => time >= atMs - keptMs)
  const from = first < 0 ? times.length : first
  const names = new Set([...Object.keys(series), ...Object.keys(values)])
  const kept = times.slice(from)
  const columns = [...names].map((name) => {
    const column = series[name]?.slice(from) ?? kept.map(() => null)
    return [name, [...column, values[name] ?? null]] as const
  })
  return { times: [...kept, atMs], series: Object.fromEntries(columns) }
}
