import { describe, expect, it } from '@jest/globals'
import {
  defaultNames,
  definePipeline,
  fastPathOf,
  fastThen,
  findPipelineFaults,
  json,
  listResults,
  rows,
  Type,
} from '../src/index.js'

const Order = Type.Object({ id: Type.String() })
const small = { name: 'small', value: json(Order) }
const large = { name: 'large', value: json(Order) }

describe('listResults', () => {
  it('names a file for each result, and awaits the one that is marked', () => {
    const results = { small: rows(['id'], { file: 'results.csv' }), large: rows(['id'], { first: true }) }
    const pipeline = definePipeline({ name: 'orders', topics: { small, large }, steps: {}, results })
    expect(listResults(pipeline.define({})).map(({ topic, file, isAwaited }) => [topic, file, isAwaited])).toEqual([
      ['small', 'results.csv', false],
      ['large', 'orders/large.csv', true],
    ])
  })

  it('awaits the first result if none is marked', () => {
    const results = { small: rows(['id']), large: rows(['id']) }
    const pipeline = definePipeline({ name: 'orders', topics: { small, large }, steps: {}, results })
    expect(listResults(pipeline.define({})).map(({ isAwaited }) => isAwaited)).toEqual([true, false])
  })
})

describe('findPipelineFaults', () => {
  it('refuses a topic that KafkaJS would mistake for something of JavaScript', () => {
    const topics = { small: { name: '__proto__', value: json(Order) } }
    const { define } = definePipeline({ name: 'orders', topics, steps: {} })
    expect(findPipelineFaults(define({}), defaultNames('orders'))).toContain(
      'topics.small: expected another name than a property of every JavaScript object, got __proto__',
    )
  })

  it('names columns and files that cannot work', () => {
    const results = {
      small: rows(['id', 'id', 'a,b', '$other'], { file: 'results.csv' }),
      large: rows([], { file: 'results.csv' }),
      other: rows(['id'], { file: '../results.csv' }),
    }
    const other = { name: 'other', value: json(Order) }
    const definition = { name: 'orders', topics: { small, large, other }, steps: { small: () => [] }, results }
    expect(findPipelineFaults(definition, defaultNames('orders'))).toEqual([
      'results.small: expected a column (name, dotted path, $key or $deleted), got "a,b"',
      'results.small: expected a column (name, dotted path, $key or $deleted), got "$other"',
      'results.small: expected each column once, got id twice',
      'results.large: expected columns, got none',
      'results.large: expected a file of its own, got results.csv, as for small',
      'results.other: expected a file in RESULTS_DIR that ends in .csv, got ../results.csv',
    ])
  })
})

describe('fastThen', () => {
  it('keeps the step, and its fast path beside it', () => {
    const step = (): readonly [] => []
    const fast = { to: 'large', prepare: () => () => -1 }
    expect(fastPathOf(fastThen(fast, step))).toBe(fast)
    expect(fastPathOf(() => [])).toBeUndefined()
  })
})
