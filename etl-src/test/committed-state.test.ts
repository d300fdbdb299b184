import { describe, expect, it } from '@jest/globals'
import { formatCommittedMetadata, noMetadata, parseCommittedMetadata } from '@kafka-etl/kafka'
import { readCommittedState, withCommittedState } from '../src/committed-state.js'

const sha256 = 'ab'.repeat(32)
const stateOf = (columns: readonly string[]) => ({ commits: 4, format: { columns, offset: 7n, sha256 } })
const metadata = { ...noMetadata, topicId: 'some-topic-id', others: { later: 'kept' } }
const commit = (columns: readonly string[]) => formatCommittedMetadata(withCommittedState(metadata, stateOf(columns)))

describe('the state beside a committed offset', () => {
  it('is read again, and leaves other keys alone', () => {
    const text = commit(['id', 'more "quoted"'])
    expect(JSON.parse(text)).toMatchObject({ topicId: 'some-topic-id', later: 'kept', commits: 4 })
    expect(readCommittedState(parseCommittedMetadata(text))).toEqual({
      commits: 4,
      header: { columns: ['id', 'more "quoted"'], offset: 7n, sha256 },
    })
  })

  it('says where a header is that does not fit', () => {
    const text = commit(Array.from({ length: 300 }, (_, index) => `column number ${index}`))
    expect(Buffer.byteLength(text)).toBeLessThan(4_096)
    expect(readCommittedState(parseCommittedMetadata(text)).header).toEqual({ columns: undefined, offset: 7n, sha256 })
  })

  it('is nothing where there is none, and changes nothing of pipelines without', () => {
    expect(readCommittedState(metadata)).toEqual({ commits: undefined, header: undefined })
    expect(withCommittedState(metadata, {})).toBe(metadata)
    const odd = { ...noMetadata, others: { commits: '4', header: { offset: -1 } } }
    expect(readCommittedState(odd)).toEqual({ commits: undefined, header: undefined })
  })
})
