import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Registry } from 'prom-client'
import { messageOf } from '../errors.js'
import type { Health } from '../process/health.js'
import { SettingsError } from '../settings/settings.js'

export type HttpServerOptions = {
  readonly host: string
  /** 0 picks any free port. */
  readonly port: number
  readonly liveness: () => Health
  readonly readiness: () => Health
  readonly registry: Registry
}

export type HttpServer = { readonly port: number; readonly close: () => Promise<void> }

/** The limits are small: the only expected clients are probes and one scraper. */
const limits = {
  maxHeaderSize: 8_192,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
}
const mostConnections = 1_000
const longestShownPath = 100

/** Serves only `/live`, `/ready` (200, or 503 with the reason) and `/metrics` (Prometheus text format). */
export const startHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const server = createServer(limits, createListener(options)).on('connection', createConnectionLimit())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainListenError(error, options)))
    server.listen(options.port, options.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Above the limit, closes the oldest connection, not the newest. Otherwise idle clients could lock a probe out. */
const createConnectionLimit = (): ((socket: Socket) => void) => {
  const sockets = new Set<Socket>()
  return (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (sockets.size <= mostConnections) return
    const [oldest] = sockets
    oldest?.destroy()
  }
}

type Answer = { readonly status: number; readonly type: string; readonly body: string }

const plain = (status: number, sentence: string): Answer => ({ status, type: 'text/plain', body: `${sentence}\n` })

const createListener = (observed: HttpServerOptions): RequestListener => {
  return ({ method = '', url = '' }, outgoing) => {
    void answerRequest(method, url, observed)
      .catch((error: unknown) => plain(500, `expected an answer, got: ${messageOf(error)}`))
      .then(({ status, type, body }) => {
        const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
        outgoing.writeHead(status, status === 405 ? { ...headers, allow: 'GET, HEAD' } : headers).end(body)
      })
  }
}

const answerRequest = async (method: string, url: string, observed: HttpServerOptions): Promise<Answer> => {
  const path = URL.parse(url, 'http://localhost')?.pathname ?? url
  const endpoints: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    '/live': () => tellHealth(observed.liveness()),
    '/ready': () => tellHealth(observed.readiness()),
    '/metrics': async () => {
      const body = await observed.registry.metrics()
      return { status: 200, type: observed.registry.contentType, body }
    },
  }
  const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined
  if (!endpoint) {
    return plain(404, `expected one of ${Object.keys(endpoints).join(', ')}, got ${path.slice(0, longestShownPath)}`)
  }
  return method === 'GET' || method === 'HEAD' ? endpoint() : plain(405, `expected GET ${path}, got ${method}`)
}

const tellHealth = (health: Health): Answer => ({
  status: health.ok ? 200 : 503,
  type: 'application/json',
  body: JSON.stringify(health.ok ? { status: 'ok' } : { status: 'failing', reason: health.reason }),
})

const explainListenError = (error: NodeJS.ErrnoException, { host, port }: HttpServerOptions): Error => {
  const address = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `HTTP_PORT: expected a free port, got ${address}, which is taken; set HTTP_PORT to another, or to 0 for none`,
    )
  }
  return new SettingsError(
    `HTTP_HOST and HTTP_PORT: expected an address of this machine that may be listened on, got ${address} (${error.message})`,
    { cause: error },
  )
}
