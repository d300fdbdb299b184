import { messageOf } from '@kafka-etl/common'

/** An unsuccessful response of Flink. `body` is its content, usually a Java stack trace. */
export class FlinkAnswerError extends Error {
  override readonly name = 'FlinkAnswerError'
  readonly status: number
  readonly body: string

  constructor(status: number, body: string, where: string) {
    super(`expected success from ${where}, got ${status}: ${body.slice(0, 300)}`)
    this.status = status
    this.body = body
  }
}

export type FlinkRequest = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly body?: unknown
  readonly timeoutMs?: number
}

const defaultTimeoutMs = 10_000

/** Sends a request to Flink's REST API or the SQL gateway. `T` is the type of the response in their documentation. */
export const askFlink = async <T>({
  method = 'GET',
  url,
  body,
  timeoutMs = defaultTimeoutMs,
}: FlinkRequest): Promise<T> => {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new Error(`expected an answer of ${url}, got ${causeOf(error)}`, { cause: error })
  })
  const text = await response.text()
  if (!response.ok) throw new FlinkAnswerError(response.status, readErrors(text), url)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

const causeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'cause' in error && error.cause !== undefined
    ? messageOf(error.cause)
    : messageOf(error)

/** `{"errors":["Internal server error.","<Exception on server side: …>"]}` */
const readErrors = (text: string): string => {
  try {
    const answer = JSON.parse(text) as { readonly errors?: readonly string[] }
    return answer.errors?.join('\n') ?? text
  } catch {
    return text
  }
}
