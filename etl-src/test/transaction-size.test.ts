import { describe, expect, it } from '@jest/globals'
import { createTransactionSize } from '../src/transaction-size.js'

const unbounded = Number.POSITIVE_INFINITY

describe('the size of a transaction', () => {
  it('doubles while transactions are quick and full, until there is no bound', () => {
    const size = createTransactionSize()
    const seen = [size.maxBytes()]
    for (let count = 0; count < 5; count++) {
      size.committed(0.01, size.maxBytes)
      seen.push(size.maxBytes())
    }
    expect(seen).toEqual([131_072, 262_144, 524_288, 1_048_576, unbounded, unbounded])
  })

  it('stays while transactions are small, or neither quick nor slow', () => {
    const size = createTransactionSize()
    size.committed(0.01, () => 100)
    size.committed(2, () => 131_072)
    expect(size.maxBytes()).toBe(131_072)
  })

  it('shrinks to what the broker took in two seconds, also from no bound at all', () => {
    const size = createTransactionSize()
    for (let count = 0; count < 4; count++) size.committed(0.01, size.maxBytes)
    size.committed(20, () => 1_000_000)
    expect(size.maxBytes()).toBe(100_000)
  })

  it('shrinks to a quarter of what was given up, never to less than 8 KiB, and never grows by it', () => {
    const size = createTransactionSize()
    size.gaveUp(4_000_000)
    expect(size.maxBytes()).toBe(131_072)
    size.gaveUp(131_072)
    expect(size.maxBytes()).toBe(32_768)
    size.gaveUp(100)
    expect(size.maxBytes()).toBe(8_192)
  })
})
