import { Agent as HttpAgent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { ConnectionOptions } from 'node:tls'

export type HttpAnswer = { readonly status: number; readonly text: string }

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** Sends requests over kept-alive connections. Rejects if no complete response comes in time. */
export type SendHttp = (request: HttpRequest) => Promise<HttpAnswer>

const mostConnections = 8
const mostAnswerBytes = 16 * 1_048_576

export const createSendHttp = (timeoutMs: number, tls: ConnectionOptions): SendHttp => {
  const limits = { keepAlive: true, maxSockets: mostConnections }
  const http = new HttpAgent(limits)
  // Node's agent accepts the TLS options of `tls.connect`.
  const https = new HttpsAgent({ ...limits, ...(tls as object) })
  return async ({ method, url, headers, body }) => {
    const isTls = url.startsWith('https:')
    const signal = AbortSignal.timeout(timeoutMs)
    const options: RequestOptions = { method, headers, signal, agent: isTls ? https : http }
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent = isTls ? requestHttps(url, options, resolve) : requestHttp(url, options, resolve)
    // This also covers errors after the response has begun.
    sent.on('error', (error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error))
    sent.end(body)
    const answer = await promise
    return { status: answer.statusCode ?? 0, text: await readText(answer) }
  }
}

const readText = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostAnswerBytes) throw new Error(`expected an answer of at most ${mostAnswerBytes} bytes, got more`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
