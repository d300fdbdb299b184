import { describe, expect, it } from '@jest/globals'
import { uncompressSnappy } from '../../src/records/compression.js'

const text = 'abc'.repeat(8)
// Its length, three letters as they are, and a copy of 21 bytes from 3 bytes back: snappy's format by hand.
const block = Buffer.from('1808616263520300', 'hex')

describe('uncompressSnappy', () => {
  it('reads a bare block', () => expect(uncompressSnappy(block).toString()).toBe(text))

  it('reads blocks framed as snappy-java does', () => {
    const header = Buffer.from('82534e41505059000000000100000001', 'hex')
    const length = Buffer.from([0, 0, 0, block.length])
    expect(uncompressSnappy(Buffer.concat([header, length, block, length, block])).toString()).toBe(text + text)
    expect(uncompressSnappy(header).toString()).toBe('')
  })
})
