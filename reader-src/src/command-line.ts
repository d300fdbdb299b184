import { parseArgs } from 'node:util'
import { messageOf } from '@kafka-etl/common'
import { findColumnFaults } from '@kafka-etl/pipeline'
import { planTopic, type ResultPlan } from './result-plan.js'

/** What the reader's arguments select: the pipeline's results, or a single topic. */
export type CommandLine =
  | { readonly kind: 'pipeline' }
  | { readonly kind: 'topic'; readonly plan: ResultPlan }
  | { readonly kind: 'wrong'; readonly faults: readonly string[] }

const usage = 'npm run reader -- --topic TOPIC --columns NAME,NAME'
const topicName = /^[a-zA-Z0-9._-]{1,249}$/

/** Reads `--topic TOPIC --columns NAME,NAME`. */
export const readCommandLine = (args: readonly string[]): CommandLine => {
  if (args.length === 0) return { kind: 'pipeline' }
  const options = { topic: { type: 'string' }, columns: { type: 'string' } } as const
  try {
    const { topic, columns } = parseArgs({ args: [...args], options }).values
    return planOf(topic, columns)
  } catch (error) {
    return { kind: 'wrong', faults: [`expected ${usage}, got: ${messageOf(error)}`] }
  }
}

const planOf = (topic: string | undefined, columnList: string | undefined): CommandLine => {
  if (topic === undefined || columnList === undefined) {
    const missing = topic === undefined ? '--topic' : '--columns'
    return { kind: 'wrong', faults: [`expected ${usage}, got no ${missing}`] }
  }
  const columns = columnList.split(',')
  const faults = findColumnFaults(columns).map((fault) => `--columns: ${fault}`)
  if (!topicName.test(topic) || topic === '.' || topic === '..') {
    faults.push(
      `--topic: expected a topic name (letters, digits, dot, underscore, hyphen), got ${JSON.stringify(topic)}`,
    )
  }
  return faults.length > 0 ? { kind: 'wrong', faults } : { kind: 'topic', plan: planTopic(topic, columns) }
}
