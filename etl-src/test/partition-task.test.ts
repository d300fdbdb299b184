import { beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@kafka-etl/common'
import { Writable } from 'node:stream'
import {
  formatCommittedMetadata,
  type CommittedMetadata,
  type FetchedBatch,
  type TransactionalSink,
} from '@kafka-etl/kafka'
import type { StartPosition } from '../src/judge-position.js'
import { createPartitionTask, type PartitionTask, type Turn } from '../src/partition-task.js'
import { StepTimeoutError } from '../src/step-watchdog.js'
import { emptyBatch } from './empty-batch.js'

const logger = createLogger({
  name: 'etl',
  settings: { logLevel: 'silent', logFormat: 'json' },
  stream: new Writable({ write: (_chunk, _encoding, done) => done() }),
})

/** A batch in chunks that end at these offsets. */
const batchOf = (fetchedOffset: bigint, ...lastOffsets: readonly bigint[]): FetchedBatch => ({
  topic: 't',
  partition: 3,
  fetchedOffset,
  lastOffset: lastOffsets.at(-1) ?? fetchedOffset,
  chunks: async function* () {
    for (const lastOffset of lastOffsets) {
      yield await Promise.resolve({ records: [], nextOffset: lastOffset + 1n })
    }
  },
})

const noMark: CommittedMetadata = { topicId: 'A', isMarked: false, others: {} }

describe('a partition task', () => {
  let calls: string[]
  let position: bigint
  let kind: StartPosition['kind']
  let metadata: CommittedMetadata
  let topicId: string | undefined
  let commitFails: boolean
  let openFails: boolean
  let timesOut: boolean
  /** The metadata of each commit. */
  let committed: string[]
  let task: PartitionTask

  /**
   * Handles the batch; resolves to the positions that it committed, and the position from which to continue instead.
   */
  const handle = async (batch: FetchedBatch, generation: number): Promise<readonly string[]> => {
    const moves: string[] = []
    await task.handle(batch, turnOf(generation, moves))
    return moves
  }

  const turnOf = (generation: number, moves: string[], isCurrent = () => true): Turn => ({
    generation,
    isCurrent,
    onCommitted: ({ nextOffset, converted, seconds }) => {
      expect([converted, seconds]).toEqual([emptyBatch, 0])
      moves.push(`committed ${nextOffset}`)
    },
    onElsewhere: (offset) => void moves.push(`seek ${offset}`),
    onHeld: (offset) => void moves.push(`held ${offset}`),
  })

  const passOver = (firstOffset: bigint, lastOffset: bigint, generation = 1): Promise<void> =>
    task.passOver({ firstOffset, lastOffset }, turnOf(generation, []))

  const createSink = (number: number): TransactionalSink => ({
    commit: async ({ writes, position: committedPlace, check }) => {
      expect(writes).toEqual([])
      await check?.()
      if (!committedPlace) throw new Error('expected a position')
      const { nextOffset, ...place } = committedPlace
      expect(place).toMatchObject({ groupId: 'g', topic: 't', partition: 3 })
      committed.push(place.metadata ?? '')
      calls.push(`commit ${number} ${nextOffset}`)
      if (commitFails) throw new Error('fenced')
      position = nextOffset
    },
    discard: () => void calls.push(`discard ${number}`),
    close: () => {
      calls.push(`close ${number}`)
      return Promise.resolve()
    },
  })

  beforeEach(() => {
    calls = []
    position = 0n
    kind = 'committed'
    metadata = { topicId: 'A', isMarked: false, others: {} }
    topicId = 'A'
    commitFails = false
    openFails = false
    timesOut = false
    committed = []
    let opened = 0
    task = createPartitionTask({
      topic: 't',
      partition: 3,
      groupId: 'g',
      logger,
      monotonicMs: () => 0,
      openWriter: () => {
        calls.push(`open ${++opened}`)
        return Promise.resolve({
          sink: createSink(opened),
          convert: (_, { topicId: mark, timedOutOffset: timedOut }) => {
            calls.push(
              ['convert', mark && `, marked ${mark}`, timedOut === undefined ? '' : ` past ${timedOut}`].join(''),
            )
            if (timesOut) throw new StepTimeoutError('t', 3, 2n, 10)
            return emptyBatch
          },
          maxValueBytes: 1_000,
          hold: undefined,
          restoreState: () => Promise.resolve({}),
          readPosition: () => {
            calls.push('position')
            return openFails
              ? Promise.reject(new Error('no answer'))
              : Promise.resolve({ topic: 't', partition: 3, offset: position, metadata, kind })
          },
        })
      },
      readTopicId: () => Promise.resolve(topicId),
    })
  })

  it('opens its sink before it reads its position, once a generation', async () => {
    expect(await handle(batchOf(0n, 4n), 1)).toEqual(['committed 5'])
    expect(await handle(batchOf(5n, 9n), 1)).toEqual(['committed 10'])
    expect(calls).toEqual(['open 1', 'position', 'convert', 'commit 1 5', 'convert', 'commit 1 10'])
    expect(committed).toEqual([metadata, metadata].map(formatCommittedMetadata))
  })

  it('throws its sink away and opens another in a new generation', async () => {
    await handle(batchOf(0n, 4n), 1)
    calls = []
    await handle(batchOf(5n, 9n), 2)
    expect(calls).toEqual(['discard 1', 'open 2', 'position', 'convert', 'commit 2 10'])
  })

  it('seeks to the committed offset where the batch is elsewhere, and converts nothing of it', async () => {
    position = 7n
    expect(await handle(batchOf(0n, 4n), 1)).toEqual(['seek 7'])
    expect(calls).toEqual(['open 1', 'position'])
    expect(await handle(batchOf(7n, 8n), 1)).toEqual(['committed 9'])
    expect(calls).toEqual(['open 1', 'position', 'convert', 'commit 1 9'])
  })

  it.each([
    ['a gap', 6n],
    ['a repetition', 4n],
  ])('refuses %s within a generation, and starts over', async (_, fetchedOffset) => {
    await handle(batchOf(0n, 4n), 1)
    const refused = expect(handle(batchOf(fetchedOffset, 9n), 1)).rejects
    await refused.toThrow(`t partition 3: expected a batch from offset 5, got one from ${fetchedOffset}`)
    expect(calls.slice(4)).toEqual(['discard 1'])
    calls = []
    expect(await handle(batchOf(5n, 9n), 1)).toEqual(['committed 10'])
    expect(calls).toEqual(['open 2', 'position', 'convert', 'commit 2 10'])
  })

  it('never commits again with a sink that failed, but asks where it stands', async () => {
    await handle(batchOf(0n, 4n), 1)
    commitFails = true
    await expect(handle(batchOf(5n, 9n), 1)).rejects.toThrow('fenced')
    expect(calls.slice(4)).toEqual(['convert', 'commit 1 10', 'discard 1'])
    commitFails = false
    calls = []
    // The commit had succeeded: only its response was lost.
    position = 10n
    expect(await handle(batchOf(5n, 9n), 1)).toEqual(['seek 10'])
    expect(calls).toEqual(['open 2', 'position'])
  })

  it('keeps no sink whose position could not be read', async () => {
    openFails = true
    await expect(handle(batchOf(0n, 4n), 1)).rejects.toThrow('no answer')
    expect(calls).toEqual(['open 1', 'position', 'discard 1'])
    openFails = false
    expect(await handle(batchOf(0n, 4n), 1)).toEqual(['committed 5'])
  })

  it('commits a position behind offsets that hold nothing to read, from where it stands alone', async () => {
    await passOver(0n, 4n)
    expect(calls).toEqual(['open 1', 'position', 'convert', 'commit 1 5'])
    await passOver(0n, 3n)
    await passOver(5n, 7n)
    expect(await handle(batchOf(8n, 9n), 1)).toEqual(['committed 10'])
    expect(calls.filter((call) => call.startsWith('commit'))).toEqual(['commit 1 5', 'commit 1 8', 'commit 1 10'])
  })

  it('does not step over offsets beyond a hole', async () => {
    await handle(batchOf(0n, 4n), 1)
    await passOver(6n, 7n)
    expect(await handle(batchOf(5n, 7n), 1)).toEqual(['committed 8'])
  })

  it('starts over from the committed offset when it could not commit such a position', async () => {
    await handle(batchOf(0n, 4n), 1)
    commitFails = true
    await expect(passOver(5n, 7n)).rejects.toThrow('fenced')
    commitFails = false
    expect(await handle(batchOf(8n, 9n), 1)).toEqual(['seek 5'])
  })

  it('commits a batch chunk by chunk, and leaves the rest when the group has met again', async () => {
    expect(await handle(batchOf(0n, 4n, 6n, 9n), 1)).toEqual(['committed 5', 'committed 7', 'committed 10'])
    const moves: string[] = []
    await task.handle(
      batchOf(10n, 14n, 16n, 19n),
      turnOf(1, moves, () => moves.length < 2),
    )
    expect(moves).toEqual(['committed 15', 'committed 17'])
    expect(await handle(batchOf(17n, 19n), 1)).toEqual(['committed 20'])
  })

  it('commits where it begins before there is a record, once', async () => {
    kind = 'new at the end'
    position = 42n
    await task.begin(turnOf(1, []))
    kind = 'committed'
    await task.begin(turnOf(1, []))
    expect(calls).toEqual(['open 1', 'position', 'commit 1 42'])
  })

  it.each(['new to the group', 'new at the end', 'made again'] as const)(
    'commits where it starts before its first output, in a topic that is %s',
    async (start) => {
      kind = start
      expect(await handle(batchOf(0n, 4n), 1)).toEqual(['committed 5'])
      expect(calls).toEqual(['open 1', 'position', 'commit 1 0', 'convert', 'commit 1 5'])
    },
  )

  it('notes a record whose step does not return, for whoever goes on, and forgets it once it is handled', async () => {
    timesOut = true
    await expect(handle(batchOf(0n, 4n), 1)).rejects.toThrow('t/3/2: expected its step to return within 10 s')
    const noted = { topicId: 'A', isMarked: false, others: { stepTimedOut: '2' } }
    expect(calls).toEqual(['open 1', 'position', 'convert', 'discard 1', 'open 2', 'position', 'commit 2 0'])
    expect(committed).toEqual([formatCommittedMetadata(noted)])
    timesOut = false
    metadata = noted
    expect(await handle(batchOf(0n, 1n, 4n), 2)).toEqual(['committed 2', 'committed 5'])
    expect(calls.filter((call) => call.startsWith('convert'))).toEqual(['convert', 'convert past 2', 'convert past 2'])
    expect(committed.slice(1)).toEqual([noted, noMark].map(formatCommittedMetadata))
  })

  it('marks what comes of a topic that was made again', async () => {
    metadata = { topicId: 'A', isMarked: true, others: {} }
    await handle(batchOf(0n, 4n), 1)
    expect(calls).toContain('convert, marked A')
  })

  it('commits nothing once the topic is another, and asks where it stands', async () => {
    await handle(batchOf(0n, 4n), 1)
    topicId = 'B'
    await expect(handle(batchOf(5n, 9n), 1)).rejects.toThrow(/id A, got B/)
    expect([calls.at(-1), position]).toEqual(['discard 1', 5n])
    topicId = undefined
    metadata = { topicId: 'B', isMarked: true, others: {} }
    await expect(handle(batchOf(5n, 9n), 1)).rejects.toThrow(/id B, got none/)
    expect(position).toBe(5n)
  })

  it('handles one batch after the other though they come at once', async () => {
    const results = await Promise.all([
      handle(batchOf(0n, 4n), 1),
      handle(batchOf(5n, 9n), 1),
      handle(batchOf(10n, 11n), 2),
    ])
    expect(results).toEqual([['committed 5'], ['committed 10'], ['committed 12']])
    expect(calls.filter((call) => call.startsWith('commit'))).toEqual(['commit 1 5', 'commit 1 10', 'commit 2 12'])
  })

  it('closes its sink, if it has one', async () => {
    await task.close()
    await handle(batchOf(0n, 4n), 1)
    await task.close()
    await task.close()
    expect(calls.filter((call) => call.startsWith('close'))).toEqual(['close 1'])
  })
})
