import { describe, expect, it } from '@jest/globals'
import { formatProperties } from '../../src/broker/properties.js'

describe('formatProperties', () => {
  it('escapes what Java would read otherwise: backslashes, and all beyond printable ASCII', () => {
    expect(formatProperties({ dir: 'C:\\data' })).toBe('dir=C:\\\\data\n')
    expect(formatProperties({ dir: '/josé/😀\n' })).toBe('dir=/jos\\u00e9/\\ud83d\\ude00\\u000a\n')
  })

  it('keeps a leading blank, and what a properties file takes for a comment only at the start of a line', () => {
    expect(formatProperties({ dir: ' a #b' })).toBe('dir=\\u0020a #b\n')
  })
})
