import type { Duplex } from 'node:stream'

/** Answers what is no HTTP request, or one beyond the limits, in a sentence, and closes the connection. */
export const refuseClient = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, reasonPhrase, sentence } = explain(error.code)
  const head = [
    `HTTP/1.1 ${status} ${reasonPhrase}`,
    'Connection: close',
    'Content-Type: text/plain; charset=UTF-8',
    `Content-Length: ${sentence.length + 1}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${sentence}\n`)
}

/** What a client may ask for, and how long it may take. Small: the only expected callers are probes and a scraper. */
export const requestLimits = { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 10_000 }

type Refusal = { readonly status: number; readonly reasonPhrase: string; readonly sentence: string }

const overflow: Refusal = {
  status: 431,
  reasonPhrase: 'Request Header Fields Too Large',
  sentence: `expected headers of at most ${requestLimits.maxHeaderSize} bytes in all, got more`,
}
const timeout: Refusal = {
  status: 408,
  reasonPhrase: 'Request Timeout',
  sentence: `expected headers within ${requestLimits.headersTimeout / 1000} s and the request within ${requestLimits.requestTimeout / 1000} s, got a part of them`,
}

const explain = (code = 'unknown'): Refusal => {
  if (code === 'HPE_HEADER_OVERFLOW') return overflow
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return timeout
  const sentence = `expected an HTTP/1.1 request, got something else (${code})`
  return { status: 400, reasonPhrase: 'Bad Request', sentence }
}
