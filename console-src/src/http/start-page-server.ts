import type { AddressInfo } from 'node:net'
import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'
import { codeOf, messageOf, SettingsError, type HttpServer, type HttpServerOptions } from '@kafka-etl/common'
import { readAssets } from './assets.js'
import { findRefusal } from './guard.js'

export type PageServerOptions = HttpServerOptions & {
  /** Allowed host names besides those of this machine. */
  readonly hosts: readonly string[]
  /** The folder with `index.html` and the files that it loads. */
  readonly folder: string
  /** Adds the page's routes. */
  readonly addRoutes: (app: FastifyInstance) => void
}

const probes = ['/live', '/ready', '/metrics']

/** Loads nothing from elsewhere, and runs only scripts from the page's own files. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
}

/** Serves the page, its requests, and `/live`, `/ready` and `/metrics`. */
export const startPageServer = async (options: PageServerOptions): Promise<HttpServer> => {
  const { host, port, hosts, addRoutes } = options
  const app = fastify({
    logger: false,
    bodyLimit: 1_024,
    connectionTimeout: 0,
    requestTimeout: 10_000,
    forceCloseConnections: true,
    http: { maxHeaderSize: 8_192, headersTimeout: 5_000 },
  })
  await app.register(helmet, {
    contentSecurityPolicy,
    // There is no HTTPS to insist on.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
  app.addHook('onRequest', async ({ headers, url }, reply) => {
    // Probes and scrapers use other host names, and get no records.
    if (probes.includes(url)) return
    // A link on another page may lead here; a script of another page may not send requests.
    const isLink = headers['sec-fetch-mode'] === 'navigate' && url === '/'
    const fetchSite = isLink ? undefined : headers['sec-fetch-site']
    const refusal = findRefusal({ host: headers.host, origin: headers.origin, fetchSite }, hosts)
    if (refusal !== undefined) await reply.code(403).send({ error: refusal })
  })
  app.setErrorHandler(async (error, _request, reply) => {
    const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 503
    await reply.code(status >= 400 && status < 600 ? status : 503).send({ error: messageOf(error).slice(0, 500) })
  })
  addProbes(app, options)
  addAssets(app, options.folder)
  addRoutes(app)
  await listen(app, host, port)
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
}

const addProbes = (app: FastifyInstance, { liveness, readiness, registry }: PageServerOptions): void => {
  const health = [
    ['/live', liveness],
    ['/ready', readiness],
  ] as const
  for (const [path, ask] of health) {
    app.get(path, async (_request, reply) => {
      const answer = ask()
      await reply
        .code(answer.ok ? 200 : 503)
        .send(answer.ok ? { status: 'ok' } : { status: 'failing', reason: answer.reason })
    })
  }
  app.get('/metrics', async (_request, reply) => {
    await reply.type(registry.contentType).send(await registry.metrics())
  })
}

const addAssets = (app: FastifyInstance, folder: string): void => {
  for (const { path, type, bytes, tag } of readAssets(folder)) {
    app.get(path, async ({ headers }, reply) => {
      reply.header('etag', tag).header('cache-control', 'no-cache')
      if (headers['if-none-match'] === tag) await reply.code(304).send()
      else await reply.type(type).send(bytes)
    })
  }
}

const listen = async (app: FastifyInstance, host: string, port: number): Promise<void> => {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const address = `${host}:${port}`
    if (codeOf(error) !== 'EADDRINUSE') {
      throw new SettingsError(
        `HTTP_HOST and HTTP_PORT: expected an address of this machine that may be listened on, got ${address} (${messageOf(error)})`,
      )
    }
    throw new Error(
      `HTTP_PORT: expected a free port, got ${address}, which is taken; set CONSOLE_HTTP_PORT to another`,
      { cause: error },
    )
  }
}
