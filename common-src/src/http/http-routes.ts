import type { Registry } from 'prom-client'
import { messageOf } from '../errors.js'
import type { Health } from '../process/service.js'

/** What the endpoints tell. */
export type Observed = {
  readonly liveness: () => Health
  readonly readiness: () => Health
  readonly registry: Registry
}

/** The parts of a request that matter here; `host` is undefined where the header is missing. */
export type Asked = {
  readonly method: string
  /** As the client wrote it: `/live?x`, or with the server before it (RFC 9112, 3.2). */
  readonly target: string
  readonly host: string | undefined
  readonly httpVersion: string
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const endpoints = ['/live', '/ready', '/metrics'] as const
type Endpoint = (typeof endpoints)[number]
const listed = endpoints.join(', ')
const longestShown = 100

/** Answers `/live`, `/ready` (200, or 503 with the reason) and `/metrics` (Prometheus text), and everything else in a sentence. */
export const answerRequest = async (asked: Asked, observed: Observed): Promise<Answer> => {
  const { method, host, httpVersion } = asked
  // Nothing here depends on the host, but HTTP/1.1 wants it.
  if (host === undefined && httpVersion === '1.1') {
    return refuse(400, 'expected a Host header, got none (RFC 9112, 3.2)', { connection: 'close' })
  }
  const path = pathOf(asked)
  if (path === undefined) {
    return refuse(400, `expected a request for one of ${listed}, got no valid URL`, { connection: 'close' })
  }
  const endpoint = endpoints.find((one) => one === path)
  if (endpoint === undefined) return refuse(404, `expected one of ${listed}, got ${path.slice(0, longestShown)}`)
  if (method !== 'GET' && method !== 'HEAD') {
    return refuse(405, `expected GET ${path}, got ${method}`, { allow: 'GET, HEAD' })
  }
  return observe(endpoint, observed)
}

/** When an answer could not be made. */
export const answerFailure = (error: unknown): Answer => refuse(500, `expected an answer, got: ${messageOf(error)}`)

/** A path of the characters that it may have (RFC 3986, 3.3), and any query: nobody looks at it. */
const originForm = /^(\/[\w\-.~%!$&'()*+,;=:@/]*)(?:\?.*)?$/

const pathOf = ({ target, host }: Asked): string | undefined => {
  if (host && !URL.canParse(`http://${host}`)) return undefined
  const [, path] = originForm.exec(target.replace(/^https?:\/\/[^/?#]+/, '')) ?? []
  return path
}

const observe = async (endpoint: Endpoint, { liveness, readiness, registry }: Observed): Promise<Answer> => {
  switch (endpoint) {
    case '/live':
      return tell(liveness())
    case '/ready':
      return tell(readiness())
    case '/metrics':
      return { status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() }
  }
}

const tell = (health: Health): Answer => ({
  status: health.ok ? 200 : 503,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(health.ok ? { status: 'ok' } : { status: 'failing', reason: health.reason }),
})

const refuse = (status: number, sentence: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers },
  body: `${sentence}\n`,
})
