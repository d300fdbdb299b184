import { describe, expect, it } from '@jest/globals'
import { definePipeline, json, lines, listRoutes, Type, type AnyDefinition, type Output } from '../src/index.js'
import { findStepOutputs } from '../src/step-outputs.js'

type Tools = { readonly to: Readonly<Record<string, (value: unknown) => Output>> }
const helper = (...parameters: readonly unknown[]): unknown => parameters

describe('findStepOutputs', () => {
  it.each<[string, (record: { value: number }, tools: Tools) => unknown, readonly string[]]>([
    ['names', ({ value }, { to }) => [to.a?.(value), value > 1 ? to.b?.(value) : to.c?.(value)], ['a', 'b', 'c']],
    ['tools as a whole', (record, tools) => tools.to.a?.(record.value), ['a']],
    [
      'an assignment',
      ({ value }, tools) => {
        const { to } = tools
        return to.a?.(value)
      },
      ['a'],
    ],
    ['names taken out of `to`', ({ value }, { to: { a, b: other } }) => [a?.(value), other?.(value)], ['a', 'b']],
    [
      'names taken out later',
      ({ value }, { to }) => {
        const { a } = to
        return a?.(value)
      },
      ['a'],
    ],
    ['no output', () => [], []],
    [
      'words and templates',
      ({ value }, { to }) => (value < 0 ? `one ${value} to be` : to.a?.('from (to) here')),
      ['a'],
    ],
  ])('is sure of %s', (_what, step, named) => {
    expect(findStepOutputs(step)).toEqual({ named: new Set(named), mayWriteOthers: false })
  })

  it.each<[string, (record: { value: number }, tools: Tools) => unknown]>([
    ['`to` as an argument', ({ value }, { to }) => helper(value, to)],
    ['`to` in an object', ({ value }, { to }) => helper({ value, to })],
    ['a computed name', ({ value }, { to }) => to[value > 1 ? 'a' : 'b']?.(value)],
    ['tools as an argument', (record, tools) => helper(record, tools)],
    ['all parameters as arguments', (...parameters) => helper(...parameters)],
    ['a bound function', helper.bind(undefined)],
  ])('is not sure of %s', (_what, step) => {
    expect(findStepOutputs(step).mayWriteOthers).toBe(true)
  })
})

describe('the routes of steps that hand `to` on', () => {
  const Order = Type.Object({ id: Type.String() })
  const topic = (name: string) => ({ name, value: json(Order) })
  const topics = { orders: topic('orders'), refunds: topic('refunds'), paid: topic('paid'), large: topic('large') }
  const routesOf = (definition: AnyDefinition) => listRoutes(definition).map(({ from, to }) => `${from} → ${to}`)

  it('lead to what nobody else writes, never back', () => {
    const pipeline = definePipeline({
      name: 'handing-on',
      topics,
      steps: {
        orders: ({ value }, { to }) => helper(value, to) as Output,
        refunds: ({ value }, { to }) => to.paid(value),
        paid: ({ value }, tools) => helper(value, tools) as Output,
      },
      sample: { orders: lines('orders.jsonl'), refunds: lines('refunds.jsonl') },
    })
    expect(routesOf(pipeline.define({}))).toEqual(['orders → paid', 'orders → large', 'refunds → paid', 'paid → large'])
  })

  it('lead to topics without a step alone, unless the samples tell inputs from others', () => {
    const pipeline = definePipeline({
      name: 'handing-on',
      topics,
      steps: {
        orders: ({ value }, { to }) => helper(value, to) as Output,
        paid: ({ value }, { to }) => to.large(value),
      },
    })
    expect(routesOf(pipeline.define({}))).toEqual(['orders → refunds', 'orders → large', 'paid → large'])
  })
})
