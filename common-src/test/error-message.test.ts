import { describe, expect, it } from '@jest/globals'
import { messageOf } from '../src/error-message.js'

describe('messageOf', () => {
  it.each([
    [new Error('disk full'), 'disk full'],
    [{ message: 'of another realm' }, 'of another realm'],
    ['text', 'text'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])('makes a text of %p', (error, text) => expect(messageOf(error)).toBe(text))
})
