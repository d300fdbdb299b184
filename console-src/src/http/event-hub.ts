import type { ServerResponse } from 'node:http'

/** An open page: its stream of Server-Sent Events, and the topic whose records it shows. */
export type Listener = { readonly topic: string | undefined; readonly response: ServerResponse }

/** The most unread bytes of a page. Above that it is disconnected; it reconnects and starts over. */
const mostUnreadBytes = 1_048_576
const mostListeners = 200

export const formatEvent = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** The open pages. Disconnects a page that is too slow, and the oldest one if there are too many. */
export const createEventHub = () => {
  const listeners = new Set<Listener>()
  const end = (listener: Listener): void => {
    listeners.delete(listener)
    listener.response.destroy()
  }
  const write = (listener: Listener, text: string): void => {
    listener.response.write(text)
    if (listener.response.writableLength > mostUnreadBytes) end(listener)
  }
  return {
    open: (listener: Listener): void => {
      listeners.add(listener)
      listener.response.on('close', () => listeners.delete(listener))
      listener.response.on('error', () => end(listener))
      const [oldest] = listeners
      if (listeners.size > mostListeners && oldest) end(oldest)
    },
    /** Sends to all pages, or to those that show the topic. */
    send: (name: string, data: unknown, topic?: string): void => {
      if (listeners.size === 0) return
      const text = formatEvent(name, data)
      for (const listener of listeners) if (topic === undefined || listener.topic === topic) write(listener, text)
    },
    size: (): number => listeners.size,
    topics: (): ReadonlySet<string> => new Set([...listeners].flatMap(({ topic }) => topic ?? [])),
    close: (): void => listeners.forEach(end),
  }
}

export type EventHub = ReturnType<typeof createEventHub>
