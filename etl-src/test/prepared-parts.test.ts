import { describe, expect, it } from '@jest/globals'
import type { RecordViews } from '@kafka-etl/kafka'
import { RecordView } from '../../kafka-src/src/records/record-view.js'
import { preparedParts } from '../src/prepared-parts.js'
import type { RecordsPart } from '../src/split-records.js'

const part: RecordsPart = {
  records: [10, 12, 14, 16].map((offsetNumber) => Object.assign(new RecordView(), { offsetNumber })),
  nextOffset: 99n,
}

const offsetsOf = ({ records }: Pick<RecordsPart, 'records'>): readonly number[] => {
  const offsets: number[] = []
  records.forEach(({ offsetNumber }) => void offsets.push(offsetNumber))
  return offsets
}

const collect = async (parts: AsyncIterable<RecordsPart>): Promise<readonly RecordsPart[]> => {
  const collected: RecordsPart[] = []
  for await (const each of parts) collected.push(each)
  return collected
}

/** What these offsets need is missing until `answer` is called. */
const waitFor = (offsets: readonly number[]) => {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const prepare = (records: RecordViews): Promise<undefined> | undefined =>
    offsetsOf({ records }).some((offset) => offsets.includes(offset)) ? promise : undefined
  return { prepare, resolve, reject }
}

describe('the parts that can be read', () => {
  it('are the part itself if there is nothing to wait for', async () => {
    for (const prepare of [undefined, waitFor([]).prepare]) {
      expect(await collect(preparedParts(prepare, part))).toEqual([part])
    }
  })

  it('are what waits for nothing, at once, then the others, in order', async () => {
    const { prepare, resolve } = waitFor([14])
    const parts = preparedParts(prepare, part)
    const first = await parts.next()
    expect([offsetsOf(first.value as RecordsPart), (first.value as RecordsPart).nextOffset]).toEqual([[10, 12], 14n])
    const second = parts.next()
    expect(await Promise.race([second, Promise.resolve('waiting')])).toBe('waiting')
    resolve(undefined)
    const { value } = (await second) as { readonly value: RecordsPart }
    expect([offsetsOf(value), value.nextOffset]).toEqual([[14, 16], 99n])
    expect((await parts.next()).done).toBe(true)
  })

  it('are all of them together if the first has to wait', async () => {
    const { prepare, resolve } = waitFor([10, 16])
    resolve(undefined)
    expect(await collect(preparedParts(prepare, part))).toEqual([part])
  })

  it('end with the failure of what they wait for, behind those that need it not', async () => {
    const { prepare, reject } = waitFor([12])
    const parts = preparedParts(prepare, part)
    reject(new Error('down'))
    expect(offsetsOf((await parts.next()).value as RecordsPart)).toEqual([10])
    await expect(parts.next()).rejects.toThrow('down')
  })
})
