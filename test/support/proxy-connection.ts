import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ArmedRule } from './fault-rules.js'
import { createFrameSplitter, parseCorrelationId, parseRequest, type RequestFrame } from './kafka-frame.js'

export type Direction = 'toBroker' | 'toClient'

/** What the proxy decides for its connections. */
export type Weather = {
  /** The rule that matches this request, if any; also counts the request. */
  readonly judge: (request: RequestFrame) => ArmedRule | undefined
  readonly delayMs: () => number
  /** Resolves when frames may pass in this direction. */
  readonly passage: (direction: Direction) => Promise<void>
}

export type ProxyConnection = { readonly reset: () => void; readonly closed: Promise<void> }

type Lane = {
  readonly send: (frame: Buffer) => void
  /** Ends the target after the frames sent so far: a network delivers these even if their sender has gone. */
  readonly finish: () => void
}

/** Sends frames one after the other, each after its delay and once the direction is open. */
const createLane = (direction: Direction, weather: Weather, target: Socket): Lane => {
  let last: Promise<void> = Promise.resolve()
  const pass = (act: () => void): void => {
    const dueMs = performance.now() + weather.delayMs()
    last = last.then(async () => {
      const remainingMs = dueMs - performance.now()
      if (remainingMs > 0) await sleep(remainingMs)
      await weather.passage(direction)
      if (!target.destroyed) act()
    })
  }
  return { send: (frame) => pass(() => target.write(frame)), finish: () => pass(() => target.end()) }
}

/** Connects a client to the broker, frame by frame, under the rules of the proxy. */
export const joinConnection = (client: Socket, targetPort: number, weather: Weather): ProxyConnection => {
  const broker = connect(targetPort, '127.0.0.1')
  const awaited = new Map<number, ArmedRule>()
  const toBroker = createLane('toBroker', weather, broker)
  const toClient = createLane('toClient', weather, client)
  let heldCount = 0
  const reset = (): void => {
    client.resetAndDestroy()
    broker.destroy()
  }
  // A held request must still reach the broker after its client has given up: this is the delayed request of
  // KAFKA-17754.
  const leave = (): void => {
    if (heldCount === 0) toBroker.finish()
  }
  const hold = (armed: ArmedRule, send: () => void): void => {
    heldCount += 1
    armed.hold(() => {
      heldCount -= 1
      send()
      if (client.destroyed && heldCount === 0) toBroker.finish()
    })
  }
  const takeRequest = (request: RequestFrame): void => {
    const armed = weather.judge(request)
    switch (armed?.rule.action) {
      case undefined:
        toBroker.send(request.frame)
        return
      case 'dropRequest':
        break
      case 'resetRequest':
        reset()
        break
      case 'holdRequest':
        hold(armed, () => toBroker.send(request.frame))
        break
      case 'dropResponse':
      case 'resetResponse':
      case 'holdResponse':
        awaited.set(request.correlationId, armed)
        toBroker.send(request.frame)
        return
    }
    armed.fire()
  }
  const takeResponse = (frame: Buffer): void => {
    const correlationId = parseCorrelationId(frame)
    const armed = awaited.get(correlationId)
    if (armed === undefined) {
      toClient.send(frame)
      return
    }
    awaited.delete(correlationId)
    if (armed.rule.action === 'resetResponse') reset()
    if (armed.rule.action === 'holdResponse') hold(armed, () => toClient.send(frame))
    armed.fire()
  }
  const splitRequests = createFrameSplitter()
  const splitResponses = createFrameSplitter()
  client.on('data', (chunk: Buffer) => splitRequests(chunk).map(parseRequest).forEach(takeRequest))
  broker.on('data', (chunk: Buffer) => splitResponses(chunk).forEach(takeResponse))
  client.on('error', () => undefined)
  client.on('close', leave)
  broker.on('error', () => client.destroy())
  broker.on('close', () => client.destroy())
  const closed = Promise.all([client, broker].map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  return { reset, closed: closed.then(() => undefined) }
}
