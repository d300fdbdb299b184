import { describe, expect, it } from '@jest/globals'
import { describeLiveness, describeReadiness } from '../src/health.js'

describe('the health of the producer', () => {
  it('is ready from when it can send, while sends are acknowledged', () => {
    expect(describeReadiness(undefined)).toEqual({ ok: false, reason: 'expected to be sending, still connecting' })
    expect(describeReadiness(0)).toEqual({ ok: true })
    expect(describeReadiness(9_999)).toEqual({ ok: true })
    expect(describeReadiness(12_300)).toEqual({ ok: false, reason: 'no answer from Kafka for 12 s' })
  })

  it('is alive until a send takes too long', () => {
    expect(describeLiveness(119_999, 120_000)).toEqual({ ok: true })
    expect(describeLiveness(120_000, 120_000)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/within 120 s/),
    })
  })
})
