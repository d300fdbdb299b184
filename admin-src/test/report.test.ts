import { describe, expect, it } from '@jest/globals'
import { formatJson } from '../src/report.js'

describe('formatJson', () => {
  it('prints offsets as numbers, in one line', () => {
    expect(formatJson({ offset: 4711n, list: [1n, null] })).toBe('{"offset":4711,"list":[1,null]}')
  })
})
