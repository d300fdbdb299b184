import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createWriteSourceHeader, sourceHeaderBytes } from '../../src/records/source-header.js'
import { encodeHeaders } from '../../../etl-src/test/encode-headers.js'

describe('the source header', () => {
  it('is what the headers of any record have, written again and again in one place', () => {
    const topic = fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/)
    const offsets = fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 5 })
    const bytes = Buffer.alloc(sourceHeaderBytes)
    fc.assert(
      fc.property(topic, fc.nat({ max: 2 ** 31 - 1 }), offsets, (name, partition, list) => {
        const write = createWriteSourceHeader(name, partition)
        for (const offset of list) {
          bytes[0] = 2
          const written = bytes.subarray(0, write(bytes, 1, offset))
          expect(written).toEqual(encodeHeaders({ source: `${name}/${partition}/${offset}` }))
          const index = (offset % 1_000_000) + 1
          const further = bytes.subarray(0, write(bytes, 1, offset, index))
          expect(further).toEqual(encodeHeaders({ source: `${name}/${partition}/${offset}/${index}` }))
        }
      }),
    )
  })
})
