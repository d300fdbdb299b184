import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { codeOf, messageOf, withDeadline } from '../src/errors.js'

describe('messageOf', () => {
  it.each([
    [new Error('disk full'), 'disk full'],
    [{ message: 'of another realm' }, 'of another realm'],
    ['text', 'text'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])('makes a text of %p', (error, text) => expect(messageOf(error)).toBe(text))
})

describe('codeOf', () => {
  it.each([
    [Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'ENOENT'],
    [new Error('no code'), undefined],
    [undefined, undefined],
  ])('finds the code of %p', (error, code) => expect(codeOf(error)).toBe(code))
})

describe('withDeadline', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  it('gives what comes in time, and leaves no timer behind', async () => {
    await expect(withDeadline(Promise.resolve(3), 1_000, 'a number')).resolves.toBe(3)
    await expect(withDeadline(Promise.reject(new Error('no')), 1_000, 'a number')).rejects.toThrow('no')
    expect(jest.getTimerCount()).toBe(0)
  })

  it('says what was expected when nothing comes', async () => {
    const late = withDeadline(new Promise(() => undefined), 2_500.03, 'the transaction to be committed')
    const failed = expect(late).rejects.toThrow('expected the transaction to be committed within 2.5 s, got no answer')
    jest.advanceTimersByTime(2_501)
    await failed
  })
})
