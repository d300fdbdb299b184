// As CommonJS: the ES module evaluates all that it exports, with it a client of HTTP/2 and fetch, 10 MiB.
import http = require('node:http')
import type { AddressInfo } from 'node:net'
import { refuseClient, requestLimits } from './http-refusal.js'
import { answerFailure, answerRequest, type Observed } from './http-routes.js'
import { SettingsError } from '../settings/settings.js'

export type HttpServerOptions = Observed & {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
}

export type HttpServer = { readonly port: number; readonly close: () => Promise<void> }

/** Serves `/live`, `/ready` and `/metrics`. Nothing else. */
export const startHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const server = http.createServer(limits, createListener(options))
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
  // Checked by the routes, so that the answer says what was expected.
  requireHostHeader: false,
}

const createListener =
  (observed: Observed): http.RequestListener =>
  ({ method = '', url: target = '', headers: { host }, httpVersion }, outgoing) => {
    void answerRequest({ method, target, host, httpVersion }, observed)
      .catch(answerFailure)
      .then(({ status, headers, body }) =>
        // Node leaves the body out of the answer to a HEAD.
        outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body),
      )
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
