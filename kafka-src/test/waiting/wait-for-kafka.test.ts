import { createServer, type Server, type Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import type { Clock } from '../../../common-src/src/time/clock.js'
import { createLogger } from '../../../common-src/src/log/logger.js'
import { toKafka } from '../../src/kafka.js'
import { waitForKafka } from '../../src/waiting/wait-for-kafka.js'
import { createMemoryStream } from '../../../common-src/test/memory-stream.js'

/** A clock that only sleep advances; `onSleep` sees each pause. */
const createFakeClock = (onSleep: (ms: number) => void = () => undefined): Clock => {
  let nowMs = 0
  return {
    epochMs: () => nowMs,
    now: () => ({ epochMs: nowMs, microsOfMs: 0 }),
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms
      onSleep(ms)
      return Promise.resolve()
    },
  }
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address, got none')
  return `127.0.0.1:${address.port}`
}

/** Returns a port of 127.0.0.1 on which nothing listens. */
const findDeadBroker = async (): Promise<string> => {
  const server = createServer()
  const broker = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return broker
}

const unset = { kafkaSessionTimeoutMs: 6_000, kafkaReplicationFactor: undefined }

const settingsOf = (broker: string) =>
  ({ kafkaBrokers: [broker], kafkaSsl: false, kafkaSslCaFile: '', kafkaSaslMechanism: 'none' }) as const

const start = async (clock: Clock, stopping: AbortSignal): Promise<{ wait: Promise<void>; text: () => string }> => {
  const broker = await findDeadBroker()
  const stream = createMemoryStream()
  const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat: 'json' }, stream })
  const kafka = toKafka(new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }), unset)
  return {
    wait: waitForKafka({ kafka, logger, clock, settings: settingsOf(broker), timeoutMs: 10_000, stopping }),
    text: stream.text,
  }
}

describe('waitForKafka', () => {
  it('asks again with a growing pause, says what it waits for, and gives up in the end', async () => {
    const pauses: number[] = []
    const clock = createFakeClock((ms) => pauses.push(ms))
    const { wait, text } = await start(clock, new AbortController().signal)
    await expect(wait).rejects.toThrow(/^expected Kafka at 127\.0\.0\.1:\d+ within 10 s, got: .*; is it running/)
    expect(pauses.slice(0, 3)).toEqual([100, 200, 200])
    expect(new Set(pauses.slice(3, -1))).toEqual(new Set([200]))
    expect(text()).toMatch(/"waitedMs":100,"retryInMs":200,"msg":"waiting for Kafka at 127\.0\.0\.1:\d+: /)
    const told = [...text().matchAll(/"waitedMs":(\d+)/g)].map(([, waitedMs]) => Number(waitedMs))
    expect(told).toEqual([0, 100, 300, 700, 1500, 3100, 6100, 9100])
  })

  it('ends quietly when it is told to stop', async () => {
    const stopping = new AbortController()
    const clock = createFakeClock(() => stopping.abort())
    const { wait } = await start(clock, stopping.signal)
    await expect(wait).resolves.toBeUndefined()
    expect(clock.monotonicMs()).toBe(100)
  })

  it.each(['stop', 'time'])('does not wait for an answer that never comes, but ends by %s', async (end) => {
    const stopping = new AbortController()
    const sockets: Socket[] = []
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)))
    const broker = await listen(silent)
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat: 'json' }, stream })
    const kafka = toKafka(
      new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, requestTimeout: 500, retry: { retries: 0 } }),
      unset,
    )
    const clock: Clock = {
      ...createFakeClock(),
      sleep: (ms) => {
        if (end === 'stop') stopping.abort()
        passedMs += ms
        return Promise.resolve()
      },
      monotonicMs: () => passedMs,
    }
    let passedMs = 0
    const wait = waitForKafka({
      kafka,
      logger,
      clock,
      settings: settingsOf(broker),
      timeoutMs: 10_000,
      stopping: stopping.signal,
    })
    if (end === 'stop') await expect(wait).resolves.toBeUndefined()
    else await expect(wait).rejects.toThrow(/within 10 s, got: connected, but no answer; is it running/)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })
})
