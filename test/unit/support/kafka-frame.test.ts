import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createFrameSplitter, parseCorrelationId, parseRequest } from '../../support/kafka-frame.js'

const frameOf = (body: Uint8Array): Buffer => {
  const frame = Buffer.alloc(4 + body.length)
  frame.writeInt32BE(body.length)
  frame.set(body, 4)
  return frame
}

const requestOf = (apiKey: number, correlationId: number, clientId: string | null): Buffer => {
  const name = Buffer.from(clientId ?? '')
  const body = Buffer.alloc(10 + name.length)
  body.writeInt16BE(apiKey, 0)
  body.writeInt16BE(7, 2)
  body.writeInt32BE(correlationId, 4)
  body.writeInt16BE(clientId === null ? -1 : name.length, 8)
  name.copy(body, 10)
  return frameOf(body)
}

describe('createFrameSplitter', () => {
  it('gives the same frames, however the stream is cut into chunks', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 })
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (contents, cuts) => {
        const frames = contents.map(frameOf)
        const stream = Buffer.concat(frames)
        const split = createFrameSplitter()
        const got: Buffer[] = []
        for (let from = 0, cut = 0; from < stream.length; cut += 1) {
          const length = cuts[cut % cuts.length] ?? 1
          got.push(...split(stream.subarray(from, from + length)))
          from += length
        }
        expect(got.map((frame) => frame.toString('hex'))).toEqual(frames.map((frame) => frame.toString('hex')))
      }),
    )
  })
})

describe('parseRequest', () => {
  it('reads the head of a request', () => {
    const head = { apiKey: 26, apiVersion: 7, correlationId: 99 }
    expect(parseRequest(requestOf(26, 99, 'etl-1'))).toMatchObject({ ...head, clientId: 'etl-1' })
    expect(parseRequest(requestOf(26, 99, null))).toMatchObject({ ...head, clientId: '' })
  })

  it('knows a frame that is too short to be a request', () => {
    expect(parseRequest(frameOf(new Uint8Array(3))).apiKey).toBe(-1)
    expect(parseCorrelationId(frameOf(new Uint8Array(3)))).toBe(-1)
  })
})
