import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createEventHub } from '../src/http/event-hub.js'

describe('the stream of events', () => {
  it('cuts a page off that does not read, and goes on for the others', async () => {
    const hub = createEventHub()
    const server = createServer((_request, response) => {
      response.writeHead(200)
      response.write('begin')
      hub.open({ topic: undefined, response })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const openStream = (): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => get({ host: '127.0.0.1', port, agent: false }, resolve).on('error', reject))
    const slow = await openStream()
    const reading = await openStream()
    let read = 0
    reading.on('data', (bytes: Buffer) => (read += bytes.length))
    expect(hub.size()).toBe(2)
    const data = 'x'.repeat(262_144)
    let sent = 0
    // The sockets' own buffers take some MiB that do not count as unread.
    while (hub.size() === 2 && sent < 100 * data.length) {
      hub.send('state', data)
      sent += data.length
      while (read < sent) await nextTurn()
    }
    expect(hub.size()).toBe(1)
    expect(read).toBeGreaterThanOrEqual(sent)
    slow.destroy()
    hub.close()
    await new Promise((resolve) => server.close(resolve))
  })
})
