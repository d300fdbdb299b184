import { describe, expect, it } from '@jest/globals'
import { printableLines } from '../src/terminal.js'

describe('printableLines', () => {
  it('escapes what steers a terminal, and keeps lines and tabs', () => {
    expect(printableLines('a\tb\n1,"\u001b[2J\u0007\u009b\u202ered\r",2\n')).toBe(
      'a\tb\n1,"\\u001b[2J\\u0007\\u009b\\u202ered\\u000d",2\n',
    )
  })
})
