import { hostname } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { instanceNameOf } from '../src/instance-name.js'

describe("an instance's name", () => {
  it('is the one that it was given', () => {
    expect(instanceNameOf('one')).toBe('one')
    expect(instanceNameOf('hostname')).toBe(hostname())
  })

  it('is shared with nobody if it was given none', () => {
    expect(new Set(Array.from({ length: 100 }, () => instanceNameOf(''))).size).toBe(100)
  })
})
