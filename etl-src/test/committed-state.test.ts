import { describe, expect, it } from '@jest/globals'
import { formatCommittedMetadata, noMetadata, parseCommittedMetadata } from '@kafka-etl/kafka'
import { readCommittedState, withCommittedState } from '../src/committed-state.js'

const sha256 = 'ab'.repeat(32)
const stateOf = (columns: readonly string[]) => ({ commits: 4, format: { columns, offset: 7n, sha256 } })
const metadata = { ...noMetadata, topicId: 'some-topic-id', others: { later: 'kept' } }
const commit = (columns: readonly string[]) =>
  formatCommittedMetadata(withCommittedState(metadata, stateOf(columns), 9n))

describe('the state beside a committed offset', () => {
  it('is read again, and leaves other keys alone', () => {
    const text = commit(['id', 'more "quoted"'])
    expect(JSON.parse(text)).toMatchObject({ topicId: 'some-topic-id', later: 'kept', commits: 4 })
    expect(readCommittedState(parseCommittedMetadata(text), 9n)).toEqual({
      commits: { count: 4, offset: 9n },
      hasNoHeader: false,
      header: { columns: ['id', 'more "quoted"'], offset: 7n, sha256 },
    })
  })

  it('says where a header is that does not fit', () => {
    const text = commit(Array.from({ length: 300 }, (_, index) => `column number ${index}`))
    expect(Buffer.byteLength(text)).toBeLessThan(4_096)
    const header = { columns: undefined, offset: 7n, sha256 }
    expect(readCommittedState(parseCommittedMetadata(text), 9n).header).toEqual(header)
  })

  it('leaves the names out if other keys take their room', () => {
    const crowded = { ...metadata, others: { later: 'x'.repeat(2_000) } }
    const columns = Array.from({ length: 200 }, (_, index) => `column ${index}`)
    const text = formatCommittedMetadata(withCommittedState(crowded, stateOf(columns), 9n))
    expect(JSON.parse(text)).toMatchObject({ later: crowded.others.later, header: { offset: '7', sha256 } })
    expect(text).not.toContain('column 1')
    expect(commit(columns)).toContain('column 1')
  })

  it('says at which offset it counted, and forgets a header that comes after the position: somebody may have moved it', () => {
    const moved = [5n, 7n, 8n].map((at) => readCommittedState(parseCommittedMetadata(commit(['id'])), at))
    expect(moved.map(({ commits }) => commits)).toEqual(Array(3).fill({ count: 4, offset: 9n }))
    expect(moved.map(({ header }) => header?.columns)).toEqual([undefined, undefined, ['id']])
  })

  it('knows that there was no header, until the position is moved', () => {
    const text = formatCommittedMetadata(withCommittedState(metadata, { format: undefined }, 3n))
    expect([3n, 4n].map((at) => readCommittedState(parseCommittedMetadata(text), at).hasNoHeader)).toEqual([
      true,
      false,
    ])
  })

  it('is nothing where there is none, and changes nothing of pipelines without', () => {
    const none = { commits: undefined, hasNoHeader: false, header: undefined }
    expect(readCommittedState(metadata, 9n)).toEqual(none)
    expect(withCommittedState(metadata, {}, 9n)).toBe(metadata)
    const odd = { ...noMetadata, others: { commits: '4', header: { offset: -1 } } }
    expect(readCommittedState(odd, 9n)).toEqual(none)
  })
})
