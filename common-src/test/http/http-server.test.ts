import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Counter, Gauge, Registry } from 'prom-client'
import { startHttpServer, type HttpServer } from '../../src/http/http-server.js'
import type { Health } from '../../src/process/health.js'

/**
 * A thread with a thousand clients. Each asks again as soon as it has an answer. It posts a message once all have one.
 */
const askingClients = `
  const { connect } = require('node:net')
  const { parentPort, workerData: { path, port } } = require('node:worker_threads')
  let answered = 0
  const ask = () => {
    const client = connect(port, '127.0.0.1').on('error', () => undefined).on('close', ask)
    const write = () => client.write('GET ' + path + ' HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n')
    client.once('data', () => ++answered === 1000 && parentPort.postMessage('asking')).on('data', write)
    write()
  }
  for (let count = 0; count < 1000; count++) ask()`

describe('the HTTP server', () => {
  let server: HttpServer
  let live: Health
  let ready: Health
  const registry = new Registry()
  new Counter({ name: 'etl_things_total', help: 'Things', registers: [registry] }).inc(3)

  beforeEach(async () => {
    live = { ok: true }
    ready = { ok: false, reason: 'has not joined yet' }
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      liveness: () => live,
      readiness: () => ready,
      registry,
    })
  })
  afterEach(() => server.close())

  const get = (path: string, options: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, options)

  const send = async (bytes: string): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(bytes)
    return (await socket.setEncoding('utf8').toArray()).join('')
  }

  it('answers 200 while all is well, and 503 with the reason when it is not', async () => {
    const isLive = await get('/live')
    expect([isLive.status, await isLive.json()]).toEqual([200, { status: 'ok' }])
    const isReady = await get('/ready')
    expect([isReady.status, await isReady.json()]).toEqual([503, { status: 'failing', reason: 'has not joined yet' }])
    live = { ok: false, reason: 'stalled' }
    ready = { ok: true }
    expect([(await get('/live')).status, (await get('/ready')).status]).toEqual([503, 200])
  })

  it('answers a HEAD as a GET without its body', async () => {
    const head = await get('/live', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it("serves the metrics in Prometheus' text format", async () => {
    const metrics = await get('/metrics')
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(await metrics.text()).toContain('etl_things_total 3')
  })

  it('answers 500 when a metric cannot be told, says why, and lives on', async () => {
    const collect = (): never => {
      throw new Error('no such file')
    }
    new Gauge({ name: 'etl_broken', help: 'Broken', registers: [registry], collect })
    const metrics = await get('/metrics')
    registry.removeSingleMetric('etl_broken')
    expect([metrics.status, await metrics.text()]).toEqual([500, 'expected an answer, got: no such file\n'])
    expect((await get('/metrics')).status).toBe(200)
  })

  it('takes a query, and the server before the path', async () => {
    expect((await get('/live?probe=1')).status).toBe(200)
    expect(await send('GET /metrics?name[]=x HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /)
    expect(await send('GET http://x/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /)
  })

  it.each(['/', '/live/', '/Live', '/metrics/x', '/%2e%2e/etc/passwd', '/live%00', `/${'x'.repeat(2_000)}`])(
    'answers 404 on %.20s and says what there is',
    async (path) => {
      const answer = await get(path)
      expect(answer.status).toBe(404)
      const text = await answer.text()
      expect(text).toMatch(/^expected one of \/live, \/ready, \/metrics, got /)
      expect(text.length).toBeLessThan(200)
    },
  )

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('answers 405 on %s and says what there is', async (method) => {
    const answer = await get('/metrics', { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await answer.text()).toBe(`expected GET /metrics, got ${method}\n`)
  })

  it.each([
    ['nonsense\r\n\r\n', 400],
    ['FOO /live HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['GET /live HTTP/1.1\r\n\r\n', 400],
    ['GET * HTTP/1.0\r\n\r\n', 404],
    ['GET //[ HTTP/1.0\r\n\r\n', 404],
    [`GET /live HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('refuses %j with %d, and lives on', async (bytes, status) => {
    expect(await send(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect((await get('/live')).status).toBe(200)
  })

  it.each(['GET /live HTTP/1.0\r\n\r\n', 'GET /live HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n'])(
    'needs no host: %j',
    async (bytes) => expect(await send(bytes)).toMatch(/^HTTP\/1.1 200 .*{"status":"ok"}$/s),
  )

  it('answers 408 to a client that never ends its headers, and others meanwhile', async () => {
    const slow = connect(server.port, '127.0.0.1')
    slow.write('GET /live HTTP/1.1\r\nhost: x\r\n')
    // The client falls silent before the server gives up: writing to a closed connection would reset it and lose the
    // answer.
    const silentFromMs = performance.now() + 3_500
    const drip = setInterval(() => performance.now() < silentFromMs && slow.write('x-slow: 1\r\n'), 500)
    let answer = ''
    try {
      expect((await get('/live')).status).toBe(200)
      for await (const chunk of slow.setEncoding('utf8')) answer += String(chunk)
    } finally {
      clearInterval(drip)
      slow.destroy()
    }
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  }, 10_000)

  /** Opens connections, a hundred at a time: the kernel drops some of those that exceed its queue. */
  const openConnections = async (count: number): Promise<readonly Socket[]> => {
    const sockets: Socket[] = []
    while (sockets.length < count) {
      const wave = Array.from({ length: 100 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined))
      sockets.push(...wave)
      await Promise.all(wave.map((socket) => once(socket, 'connect')))
    }
    return sockets
  }

  const closing = (socket: Socket): Promise<void> =>
    socket.closed ? Promise.resolve() : new Promise((resolve) => void socket.resume().once('close', resolve))

  const probe = async (): Promise<void> => {
    const statuses = await Promise.all(
      ['/live', '/ready', '/metrics'].map(async (path) => {
        return (await get(path, { signal: AbortSignal.timeout(10_000) })).status
      }),
    )
    expect(statuses).toEqual([200, 503, 200])
  }

  it('answers while more connections than it keeps are open and say nothing, and drops those after seconds', async () => {
    const idle = await openConnections(1_100)
    await probe()
    await Promise.all(idle.map(closing))
    await probe()
  }, 20_000)

  it.each(['/live', '/metrics'])(
    'answers while a thousand clients keep asking for %s',
    async (path) => {
      const clients = new Worker(askingClients, { eval: true, workerData: { path, port: server.port } })
      try {
        await once(clients, 'message')
        for (let count = 0; count < 3; count++) await probe()
      } finally {
        await clients.terminate()
      }
    },
    30_000,
  )

  it('ends though a connection is open', async () => {
    const open = request({ port: server.port, host: '127.0.0.1', path: '/live', agent: false })
    open.on('error', () => undefined)
    open.flushHeaders()
    await expect(server.close()).resolves.toBeUndefined()
    open.destroy()
  })

  it('says in one sentence that its port is taken, and which setting changes it', async () => {
    const options = { host: '127.0.0.1', port: server.port, liveness: () => live, readiness: () => ready, registry }
    await expect(startHttpServer(options)).rejects.toThrow(
      `HTTP_PORT: expected a free port, got 127.0.0.1:${server.port}, which is taken`,
    )
    await expect(startHttpServer({ ...options, host: '192.0.2.1', port: 0 })).rejects.toThrow(
      /^HTTP_HOST and HTTP_PORT: expected an address of this machine that may be listened on, got 192\.0\.2\.1:0 /,
    )
  })
})
