import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import { refuseClient, requestLimits } from './http-refusal.js'
import type { Health } from './service.js'
import { SettingsError } from './settings.js'

export type HttpServerOptions = {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly liveness: () => Health
  readonly readiness: () => Health
  readonly registry: Registry
}

export type HttpServer = { readonly port: number; readonly close: () => Promise<void> }

const endpoints = ['/live', '/ready', '/metrics']

/** Serves `/live`, `/ready` (200, or 503 with the reason) and `/metrics` (Prometheus text). Nothing else. */
export const startHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const server = createServer(limits, createListener(createRoutes(options)))
  server.maxConnections = 1_000
  server.on('clientError', refuseClient)
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

const limits = {
  ...requestLimits,
  connectionsCheckingInterval: 1_000,
  // Checked below, so that the answer says what was expected.
  requireHostHeader: false,
}

const createListener = (routes: Hono): RequestListener => {
  // Requests of HTTP/1.0 need not name a host, and nothing here depends on it.
  const answer = getRequestListener(routes.fetch, { hostname: 'localhost', errorHandler: explainBadRequest })
  return (incoming, outgoing) => {
    if (incoming.headers.host === undefined && incoming.httpVersion === '1.1') {
      outgoing.writeHead(400, { connection: 'close' }).end('expected a Host header, got none (RFC 9112, 3.2)\n')
      return
    }
    void answer(incoming, outgoing)
  }
}

const explainBadRequest = (error: unknown): Response => {
  if (!(error instanceof RequestError)) throw error
  return new Response(`expected a request for one of ${endpoints.join(', ')}, got another: ${error.message}\n`, {
    status: 400,
    headers: { connection: 'close' },
  })
}

const createRoutes = ({ liveness, readiness, registry }: HttpServerOptions): Hono => {
  const routes = new Hono()
  const answer = (health: Health): Response =>
    Response.json(health.ok ? { status: 'ok' } : { status: 'failing', reason: health.reason }, {
      status: health.ok ? 200 : 503,
    })
  routes.get('/live', () => answer(liveness()))
  routes.get('/ready', () => answer(readiness()))
  routes.get(
    '/metrics',
    async () => new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
  )
  routes.all('*', ({ req }) =>
    endpoints.includes(req.path)
      ? new Response(`expected GET ${req.path}, got ${req.method}\n`, { status: 405, headers: { allow: 'GET, HEAD' } })
      : new Response(`expected one of ${endpoints.join(', ')}, got ${req.path.slice(0, 100)}\n`, { status: 404 }),
  )
  return routes
}

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
