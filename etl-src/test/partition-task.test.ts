import { beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@kafka-etl/common'
import { Writable } from 'node:stream'
import type { ConvertedBatch } from '../src/convert-batch.js'
import { createPartitionTask, type FetchedBatch, type PartitionTask } from '../src/partition-task.js'
import type { TransactionalWriter } from '../src/transactional-writer.js'

const converted: ConvertedBatch = {
  outputs: [],
  deadLetters: [],
  outputCount: 0,
  rejected: new Map(),
  warned: new Map(),
  lastTimestampMs: undefined,
  lastRejection: undefined,
}
const route = { topic: 't', partition: 3, outputTopic: 'o', deadLetterTopic: 'd', outputPartition: 6 }
const logger = createLogger({
  name: 'etl',
  settings: { logLevel: 'silent', logFormat: 'json' },
  stream: new Writable({ write: (_chunk, _encoding, done) => done() }),
})

const batchOf = (fetchedOffset: bigint, lastOffset: bigint): FetchedBatch => ({
  records: [],
  fetchedOffset,
  lastOffset,
})

/** What a committed batch, and one that is elsewhere, come back as. */
const committed = { kind: 'committed', converted, seconds: 0 }

describe('a partition task', () => {
  let calls: string[]
  let position: bigint
  let commitFails: boolean
  let openFails: boolean
  let task: PartitionTask

  const createWriter = (number: number): TransactionalWriter => ({
    commit: ({ nextOffset }) => {
      calls.push(`commit ${number} ${nextOffset}`)
      if (commitFails) return Promise.reject(new Error('fenced'))
      position = nextOffset
      return Promise.resolve()
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
    commitFails = false
    openFails = false
    let opened = 0
    task = createPartitionTask({
      route,
      logger,
      monotonicMs: () => 0,
      convert: () => {
        calls.push('convert')
        return converted
      },
      openWriter: () => {
        calls.push(`open ${++opened}`)
        return Promise.resolve(createWriter(opened))
      },
      readPosition: () => {
        calls.push('position')
        return openFails ? Promise.reject(new Error('no answer')) : Promise.resolve(position)
      },
    })
  })

  it('opens its writer before it reads its position, once a generation', async () => {
    expect(await task.handle(batchOf(0n, 4n), 1)).toEqual(committed)
    expect(await task.handle(batchOf(5n, 9n), 1)).toEqual(committed)
    expect(calls).toEqual(['open 1', 'position', 'convert', 'commit 1 5', 'convert', 'commit 1 10'])
  })

  it('throws its writer away and opens another in a new generation', async () => {
    await task.handle(batchOf(0n, 4n), 1)
    calls = []
    await task.handle(batchOf(5n, 9n), 2)
    expect(calls).toEqual(['discard 1', 'open 2', 'position', 'convert', 'commit 2 10'])
  })

  it('seeks to the committed offset where the batch is elsewhere, and converts nothing of it', async () => {
    position = 7n
    expect(await task.handle(batchOf(0n, 4n), 1)).toEqual({ kind: 'seek', offset: 7n })
    expect(calls).toEqual(['open 1', 'position'])
    expect(await task.handle(batchOf(7n, 8n), 1)).toEqual(committed)
    expect(calls).toEqual(['open 1', 'position', 'convert', 'commit 1 9'])
  })

  it.each([
    ['a gap', 6n],
    ['a repetition', 4n],
  ])('refuses %s within a generation, and starts over', async (_, fetchedOffset) => {
    await task.handle(batchOf(0n, 4n), 1)
    const refused = expect(task.handle(batchOf(fetchedOffset, 9n), 1)).rejects
    await refused.toThrow(`t partition 3: expected a batch from offset 5, got one from ${fetchedOffset}`)
    expect(calls.slice(4)).toEqual(['discard 1'])
    calls = []
    expect(await task.handle(batchOf(5n, 9n), 1)).toEqual(committed)
    expect(calls).toEqual(['open 2', 'position', 'convert', 'commit 2 10'])
  })

  it('never commits again with a writer that failed, but asks where it stands', async () => {
    await task.handle(batchOf(0n, 4n), 1)
    commitFails = true
    await expect(task.handle(batchOf(5n, 9n), 1)).rejects.toThrow('fenced')
    expect(calls.slice(4)).toEqual(['convert', 'commit 1 10', 'discard 1'])
    commitFails = false
    calls = []
    // The commit had been done all the same: only its answer was lost.
    position = 10n
    expect(await task.handle(batchOf(5n, 9n), 1)).toEqual({ kind: 'seek', offset: 10n })
    expect(calls).toEqual(['open 2', 'position'])
  })

  it('keeps no writer whose position could not be read', async () => {
    openFails = true
    await expect(task.handle(batchOf(0n, 4n), 1)).rejects.toThrow('no answer')
    expect(calls).toEqual(['open 1', 'position', 'discard 1'])
    openFails = false
    expect(await task.handle(batchOf(0n, 4n), 1)).toEqual(committed)
  })

  it('steps over offsets that hold nothing to read, from where it stands alone', async () => {
    task.passOver(0n, 4n)
    await task.handle(batchOf(0n, 4n), 1)
    task.passOver(0n, 3n)
    task.passOver(5n, 7n)
    expect(await task.handle(batchOf(8n, 9n), 1)).toEqual(committed)
    expect(calls.at(-1)).toBe('commit 1 10')
  })

  it('does not step over offsets beyond a hole', async () => {
    await task.handle(batchOf(0n, 4n), 1)
    task.passOver(6n, 7n)
    expect(await task.handle(batchOf(5n, 7n), 1)).toEqual(committed)
  })

  it('handles one batch after the other though they come at once', async () => {
    const results = await Promise.all([
      task.handle(batchOf(0n, 4n), 1),
      task.handle(batchOf(5n, 9n), 1),
      task.handle(batchOf(10n, 11n), 2),
    ])
    expect(results).toEqual([committed, committed, committed])
    expect(calls.filter((call) => call.startsWith('commit'))).toEqual(['commit 1 5', 'commit 1 10', 'commit 2 12'])
  })

  it('closes its writer, if it has one', async () => {
    await task.close()
    await task.handle(batchOf(0n, 4n), 1)
    await task.close()
    await task.close()
    expect(calls.filter((call) => call.startsWith('close'))).toEqual(['close 1'])
  })
})
