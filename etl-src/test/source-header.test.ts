import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeHeaders } from '../src/headers.js'
import { createSourceHeader } from '../src/source-header.js'

describe('the source header', () => {
  it('is what the headers of any record are, written again and again in one place', () => {
    const topic = fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/)
    const offsets = fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(topic, fc.nat({ max: 2 ** 31 - 1 }), offsets, (name, partition, list) => {
        const header = createSourceHeader(name, partition)
        for (const offset of list) {
          const end = header.write(String(offset))
          expect(header.bytes.subarray(0, end)).toEqual(encodeHeaders({ source: `${name}/${partition}/${offset}` }))
        }
      }),
    )
  })
})
