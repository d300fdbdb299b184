import type { Logger } from '@kafka-etl/common'
import { describe, expect, it } from '@jest/globals'
import { createSentLog } from '../src/sent-log.js'

const names = { noun: 'logs', topics: ['timezone1 (America/New_York)', 'timezone2 (Europe/Paris)'] }

const createFixture = () => {
  const lines: string[] = []
  let nowMs = 0
  const logger = { info: (line: string) => void lines.push(line) } as unknown as Logger
  const clock = { epochMs: () => 0, now: () => ({ epochMs: 0, microsOfMs: 0 }), sleep: () => Promise.resolve() }
  const sentLog = createSentLog(logger, { ...clock, monotonicMs: () => nowMs }, names)
  return { lines, sentLog, advance: (ms: number) => void (nowMs += ms) }
}

describe('the log of what was sent', () => {
  it('has a line for each log at a log a second', () => {
    const { lines, sentLog, advance } = createFixture()
    sentLog.add([{ topicIndex: 0, indexes: [0] }])
    advance(995)
    sentLog.add([{ topicIndex: 1, indexes: [1] }])
    expect(lines).toEqual(['sent log 0 to timezone1 (America/New_York)', 'sent log 1 to timezone2 (Europe/Paris)'])
  })

  it('has a line a second at most, and one for what is left', () => {
    const { lines, sentLog, advance } = createFixture()
    sentLog.add([{ topicIndex: 0, indexes: [0] }])
    advance(10)
    sentLog.add([{ topicIndex: 1, indexes: [2, 4] }])
    sentLog.add([{ topicIndex: 0, indexes: [1, 3, 5] }])
    expect(lines).toHaveLength(1)
    sentLog.flush()
    expect(lines[1]).toBe('sent logs 1 to 5: 3 to timezone1 (America/New_York), 2 to timezone2 (Europe/Paris)')
    sentLog.flush()
    expect(lines).toHaveLength(2)
  })
})
