import { longestSilenceMs, type Health } from '@kafka-etl/common'

const healthy: Health = { ok: true }

/** Ready while sends are acknowledged; `sendingForMs` is undefined until the producer can send. */
export const describeReadiness = (sendingForMs: number | undefined): Health => {
  if (sendingForMs === undefined) return { ok: false, reason: 'expected to be sending, still connecting' }
  return sendingForMs < longestSilenceMs
    ? healthy
    : { ok: false, reason: `no answer from Kafka for ${Math.round(sendingForMs / 1000)} s` }
}

/** Alive until a single send takes as long as `stallMs`. */
export const describeLiveness = (sendingForMs: number, stallMs: number): Health =>
  sendingForMs < stallMs
    ? healthy
    : {
        ok: false,
        reason: `expected a send to be acknowledged within ${stallMs / 1000} s, has taken ${Math.round(sendingForMs / 1000)} s`,
      }
