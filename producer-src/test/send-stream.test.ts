import { describe, expect, it } from '@jest/globals'
import { sendStream, type SendStreamOptions } from '../src/send-stream.js'
import { everyRecord, noPause, type Stream } from '../src/stream/stream.js'

const topic = (name: string) => ({ alias: name, name, label: name })

const streamOf = (parts: Partial<Stream>): Stream => ({
  id: '',
  topics: [topic('a')],
  noun: 'records',
  isOrdered: true,
  rate: 0,
  count: 0,
  recordsOf: everyRecord,
  topicAt: () => 0,
  afterMsAt: noPause,
  recordAt: () => ({ key: null, value: '', headers: [], timestampMs: 0 }),
  ...parts,
})

/** Records what is written and when, with a clock that only sleeping advances. */
const run = async (stream: Stream, options: Partial<SendStreamOptions> & { readonly end: number }) => {
  let nowMs = 0
  const sent: string[] = []
  const clock = {
    epochMs: () => nowMs,
    now: () => ({ epochMs: nowMs, microsOfMs: 0 }),
    monotonicMs: () => nowMs,
    sleep: (ms: number) => {
      nowMs += ms
      return Promise.resolve()
    },
  }
  await sendStream({
    clock,
    stream,
    rate: 0,
    committed: stream.topics.map(() => undefined),
    start: 0,
    write: ({ topicIndex, indexes }, { next, confirmed }) => {
      sent.push(`${nowMs}: ${stream.topics[topicIndex]?.name} ${indexes.join()} next ${next} confirmed ${confirmed}`)
      return Promise.resolve()
    },
    onRound: () => undefined,
    stopping: new AbortController().signal,
    ...options,
  })
  return sent
}

describe('an ordered stream', () => {
  const stream = streamOf({ topics: [topic('a'), topic('b')], topicAt: (index) => (index % 3 === 2 ? 1 : 0) })

  it('has what comes before it acknowledged before a record of another topic is sent', async () => {
    expect(await run(stream, { end: 5 })).toEqual([
      '0: a 0,1 next 2 confirmed 0',
      '0: b 2 next 3 confirmed 2',
      '0: a 3,4 next 5 confirmed 3',
    ])
  })

  it('goes on behind what is sent', async () => {
    const committed = [{ next: 2, confirmed: 0 }, undefined]
    expect(await run(stream, { start: 2, committed, end: 4 })).toEqual([
      '0: b 2 next 3 confirmed 2',
      '0: a 3 next 4 confirmed 3',
    ])
  })
})

describe('a stream with pauses', () => {
  it('waits before such a record, and goes on at its rate from there', async () => {
    const stream = streamOf({ afterMsAt: (index) => (index === 1 ? 5_000 : undefined) })
    expect(await run(stream, { rate: 1, end: 4 })).toEqual([
      '0: a 0 next 1 confirmed 0',
      '5000: a 1 next 2 confirmed 1',
      '6000: a 2 next 3 confirmed 2',
      '7000: a 3 next 4 confirmed 3',
    ])
  })

  it('keeps its pauses at any rate', async () => {
    const stream = streamOf({ afterMsAt: (index) => (index === 2 ? 300 : undefined) })
    expect(await run(stream, { end: 4 })).toEqual(['0: a 0,1 next 2 confirmed 0', '300: a 2,3 next 4 confirmed 2'])
  })
})

describe('a stream of updates', () => {
  it('sends a whole update each time that one is due', async () => {
    const stream = streamOf({
      recordsOf: (updates) => (updates === 0 ? 0 : 1 + 2 * updates),
      afterMsAt: (index) => (index === 1 ? 5_000 : undefined),
    })
    expect(await run(stream, { rate: 1, end: 7 })).toEqual([
      '0: a 0 next 1 confirmed 0',
      '5000: a 1,2 next 3 confirmed 1',
      '6000: a 3,4 next 5 confirmed 3',
      '7000: a 5,6 next 7 confirmed 5',
    ])
  })
})
