/**
 * The files of a new pipeline by name: it reads orders and writes them keyed by country. The docs show the one called
 * `orders`.
 */
export const templateOf = (name: string): Readonly<Record<string, string>> => ({
  'pipeline.ts': pipelineText(name),
  'pipeline.test.ts': testText,
  'sample.jsonl': sampleText,
  'README.md': readmeText(name),
})

const pipelineText = (
  name: string,
): string => `import { definePipeline, drop, json, lines, reject, rows, Type } from '@kafka-etl/pipeline'

const Order = Type.Object({ id: Type.String(), cents: Type.Integer(), country: Type.String() })

export const pipeline = definePipeline({
  name: '${name}',
  topics: {
    orders: { name: '${name}', value: json(Order) },
    byCountry: { name: '${name}-by-country', value: json(Order), key: (order) => order.country, partitions: 4 },
  },
  reasons: ['country_unknown'],
  steps: {
    orders: ({ value: order }, { to }) => {
      if (order.country.length !== 2) return reject('country_unknown', \`Expected two letters, got \${order.country}\`)
      return order.cents === 0 ? drop('free') : to.byCountry(order)
    },
  },
  sample: { orders: lines('sample.jsonl', { rate: 10 }) },
  results: { byCountry: rows(['id', 'cents']) },
})
`

const testText = `import { expect, it } from '@jest/globals'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { pipeline } from './pipeline.js'

it('keys orders by country, drops free ones and rejects unknown countries', () => {
  const run = testPipeline(pipeline)
  run.send('orders', { id: 'a', cents: 250, country: 'FR' })
  run.send('orders', { id: 'b', cents: 0, country: 'FR' })
  run.send('orders', { id: 'c', cents: 990, country: 'France' })
  expect(run.outputs('byCountry')).toMatchObject([{ key: 'FR', value: { id: 'a', cents: 250, country: 'FR' } }])
  expect(run.dropped()).toEqual({ free: 1 })
  expect(run.deadLetters()).toMatchObject([{ reason: 'country_unknown' }])
})
`

const sampleText = [
  { id: 'o-1', cents: 1250, country: 'US' },
  { id: 'o-2', cents: 480, country: 'FR' },
  { id: 'o-3', cents: 0, country: 'FR' },
  { id: 'o-4', cents: 99_00, country: 'Germany' },
  { id: 'o-5', cents: 3100, country: 'US' },
]
  .map((order) => `${JSON.stringify(order)}\n`)
  .join('')

const readmeText = (name: string): string => `# ${name}: orders, keyed by country

Needs nothing beyond the default stack.

Reads \`${name}\`, writes \`${name}-by-country\` and \`results/${name}/${name}-by-country.csv\`.

\`\`\`bash
make PIPELINE=${name}
npm run admin -- audit --pipeline ${name}
\`\`\`
`
