import { describe, expect, it } from '@jest/globals'
import { formatMemberPipeline, readMemberPipeline } from '../../src/source/member-pipeline.js'

describe('readMemberPipeline', () => {
  it('reads what a member tells', () => expect(readMemberPipeline(formatMemberPipeline('noaa'))).toBe('noaa'))

  it.each([
    null,
    undefined,
    formatMemberPipeline(undefined),
    ...['7', 'null', '{"pipeline":7}', '\0'].map((text) => Buffer.from(text)),
  ])('takes %p for nothing', (userData) => expect(readMemberPipeline(userData)).toBeUndefined())
})
