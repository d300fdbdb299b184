import { expect, it } from '@jest/globals'
import { installPipeline } from '../support/own-pipeline.js'
import { startServiceProcess } from '../support/service-process.js'

const source = `
  import { definePipeline, json, Type } from '@kafka-etl/pipeline'
  const Order = Type.Object({ id: Type.String() })
  export const pipeline = definePipeline({
    name: 'wrong',
    topics: {
      orders: { name: 'orders', value: json(Order) },
      again: { name: 'orders', value: json(Order) },
      rejected: { name: 'wrong_dead_letters', value: json(Order) },
      back: { name: 'back', value: json(Order), partitions: 0 },
    },
    steps: {
      orders: ({ value }, { to }) => [to.back(value), to.rejected(value)],
      back: ({ value }, { to }) => to.orders(value),
      ghost: () => [],
    },
  })
`

it.each(['etl', 'producer', 'reader'] as const)(
  'the %s refuses a pipeline that cannot work, with all faults at once and exit code 2',
  async (service) => {
    const process = await startServiceProcess({
      service,
      // Nothing connects to it.
      bootstrap: '127.0.0.1:1',
      installation: await installPipeline(service, 'wrong', source),
      environment: { PIPELINE: 'wrong' },
    })
    expect(await process.exit).toEqual({ code: 2, signal: null })
    const said = process.lines.map(({ msg }) => msg).join('\n')
    for (const fault of [
      'topics.again: expected a topic of its own, got orders, as topics.orders',
      "topics.rejected: expected another topic than the dead letters', got wrong_dead_letters",
      'topics.back.partitions: expected a whole number from 1, got 0',
      'steps.ghost: expected one of the topics (orders, again, rejected, back), got ghost',
      'steps: expected a way that ends, got the cycle orders → back → orders',
    ]) {
      expect(said).toContain(`pipelines/wrong/pipeline.ts: ${fault}`)
    }
  },
)
