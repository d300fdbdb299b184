import type { Clock } from '@kafka-etl/common'
import { askFlink } from './request.js'

/**
 * A session of Flink's SQL gateway:
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/interfaces/sql-gateway/rest/
 */
export type GatewaySession = {
  /**
   * Runs a statement to its end; an INSERT ends once it is submitted. Throws a `FlinkAnswerError` with the stack trace.
   */
  readonly run: (statement: string) => Promise<void>
  readonly close: () => Promise<void>
}

const lookMs = 50
/** The first statement of a gateway loads the planner. */
const statementMs = 120_000

export const isGatewayUp = (url: string): Promise<boolean> =>
  askFlink({ url: `${url}/v1/info`, timeoutMs: 2_000 }).then(
    () => true,
    () => false,
  )

export const openGatewaySession = async (url: string, clock: Clock): Promise<GatewaySession> => {
  const { sessionHandle } = await askFlink<{ sessionHandle: string }>({
    method: 'POST',
    url: `${url}/v1/sessions`,
    body: { properties: {} },
    timeoutMs: statementMs,
  })
  const session = `${url}/v1/sessions/${sessionHandle}`
  return {
    run: async (statement) => {
      const { operationHandle } = await askFlink<{ operationHandle: string }>({
        method: 'POST',
        url: `${session}/statements`,
        body: { statement },
        timeoutMs: statementMs,
      })
      const operation = `${session}/operations/${operationHandle}`
      const deadlineMs = clock.monotonicMs() + statementMs
      for (;;) {
        const { status } = await askFlink<{ status: string }>({ url: `${operation}/status` })
        if (status === 'FINISHED' || status === 'ERROR') break
        if (clock.monotonicMs() > deadlineMs)
          throw new Error(`expected the SQL gateway to run a statement within ${statementMs / 1000} s, got ${status}`)
        await clock.sleep(lookMs)
      }
      // The gateway reports an error only when its result is requested.
      await askFlink({ url: `${operation}/result/0`, timeoutMs: statementMs })
    },
    close: async () => {
      await askFlink({ method: 'DELETE', url: session }).catch(() => undefined)
    },
  }
}
