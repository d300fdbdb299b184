import { describe, expect, it } from '@jest/globals'
import { noMetadata } from '@kafka-etl/kafka'
import type { StartPosition } from '../src/judge-position.js'
import { beginWithUpdates } from '../src/update-start.js'
import { createFakeLog } from './fake-log.js'

const end = 'END'
const start = (offset: bigint, kind: StartPosition['kind'] = 'new at the end'): StartPosition => ({
  ...{ topic: 't', partition: 3, offset, kind, metadata: noMetadata },
})

const begin = async (values: readonly (string | undefined)[], position: StartPosition, logStart = 0n) => {
  const { admin } = createFakeLog(values, logStart)
  const [begun] = await beginWithUpdates({ admin, endTextOf: () => end }, [position])
  return begun
}

describe('a beginning at the end of a partition with updates', () => {
  it.each([
    [['a', end, 'b', 'c'], 2n],
    [['a', end, end, 'b'], 3n],
    [['a', 'b', 'c'], 0n],
    [[undefined, end, undefined, 'b'], 2n],
  ] as const)('%j: begins with the update that has not ended', async (values, offset) => {
    const last = BigInt(values.length)
    expect(await begin(values, start(last))).toEqual({ ...start(offset), logEnd: last })
  })

  it.each([[['a', end]], [['a', end, undefined]], [[]]])('%j: stays at the end', async (values) => {
    expect(await begin(values, start(BigInt(values.length)))).toEqual(start(BigInt(values.length)))
  })

  it('begins where the log does if retention took the beginning of the update', async () => {
    expect((await begin(['b', 'c'], start(9n), 7n))?.offset).toBe(7n)
  })

  it('finds it in a log of many records', async () => {
    const values = ['a', end, ...Array<string>(30_000).fill('b')]
    expect((await begin(values, start(BigInt(values.length))))?.offset).toBe(2n)
  })

  it('moves no other position, and none of a topic without updates', async () => {
    expect(await begin(['a'], start(1n, 'committed'))).toEqual(start(1n, 'committed'))
    const { admin } = createFakeLog(['a'])
    expect(await beginWithUpdates({ admin, endTextOf: () => undefined }, [start(1n)])).toEqual([start(1n)])
  })
})
