import type { Flow, History, HistoryPoint, LiveState } from '../src/protocol.js'
import { addPoint, known, tell, type TopicRecords } from './store.js'

let source: EventSource | undefined
let topic: string | undefined

type Told = {
  flow: Flow
  state: LiveState
  history: History
  records: TopicRecords
  point: HistoryPoint
}

const listen = <Name extends keyof Told>(opened: EventSource, name: Name, take: (data: Told[Name]) => void): void =>
  opened.addEventListener(name, ({ data }: MessageEvent<string>) => take(JSON.parse(data) as Told[Name]))

const connect = (): void => {
  source?.close()
  // A browser opens only a few connections to one host: a hidden page releases its connection.
  if (document.hidden) return
  const query = topic === undefined ? '' : `?topic=${encodeURIComponent(topic)}`
  const opened = new EventSource(`/api/events${query}`)
  source = opened
  opened.onopen = () => tell('connection', 'live')
  opened.onerror = () => {
    tell('connection', 'lost')
    // Rejected for good, as by a server of another kind: the browser does not retry by itself.
    if (opened.readyState === EventSource.CLOSED && opened === source) setTimeout(connect, 2_000)
  }
  listen(opened, 'flow', (flow) => tell('flow', flow))
  listen(opened, 'state', (state) => tell('state', state))
  listen(opened, 'history', (history) => tell('history', history))
  listen(opened, 'records', (records) => tell('records', records))
  listen(opened, 'point', (point) => tell('history', addPoint(known('history') ?? { times: [], series: {} }, point)))
}

/** Opens the stream, with or without the records of a topic. */
export const openStream = (wanted: string | undefined): void => {
  if (source !== undefined && source.readyState !== EventSource.CLOSED && wanted === topic) return
  topic = wanted
  connect()
}

export const keepStream = (): void => {
  document.addEventListener('visibilitychange', connect)
  addEventListener('pagehide', () => source?.close())
  addEventListener('pageshow', ({ persisted }) => persisted && connect())
}

/** Sends a request to the server. An error is a sentence from the server. */
export const ask = async <T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<T> => {
  const present = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  const response = await fetch(`${path}?${new URLSearchParams(present).toString()}`)
  const answer = (await response.json()) as T & { readonly error?: string }
  if (!response.ok) throw new Error(answer.error ?? `The console answered ${response.status}.`)
  return answer
}
