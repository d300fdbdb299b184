import { describe, expect, it } from '@jest/globals'
import { waitFor, within } from '../../support/wait-for.js'

describe('waitFor', () => {
  it('gives what the condition gives, once it gives something', async () => {
    let count = 0
    const third = await waitFor(() => (++count === 3 ? 'there' : undefined), { what: 'the third call', everyMs: 1 })
    expect([third, count]).toEqual(['there', 3])
  })

  it('fails with what it waited for, and with the last error', async () => {
    const refuse = (): never => {
      throw new Error('connection refused')
    }
    const waiting = waitFor(refuse, { what: 'the broker', deadlineMs: 5, everyMs: 1 })
    await expect(waiting).rejects.toThrow(/for the broker, in vain; last error: connection refused/)
  })

  it('does not take 0 or an empty text for nothing', async () => {
    expect(await waitFor(() => 0, { what: 'a number' })).toBe(0)
  })
})

describe('within', () => {
  it('gives the value in time, and fails after the deadline', async () => {
    expect(await within(Promise.resolve(1), { what: 'a value' })).toBe(1)
    const never = new Promise(() => undefined)
    await expect(within(never, { what: 'the end of time', deadlineMs: 5 })).rejects.toThrow(/the end of time/)
  })
})
