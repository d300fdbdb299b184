import { createChain, namesOfTopic, type AnyDefinition, type MadeRecord } from '@kafka-etl/pipeline'
import { UsageError, type Report } from '../report.js'

export type Trial = {
  readonly alias: string
  /** One value per line. */
  readonly text: string
  readonly handledAtMs: number
}

/**
 * Sends each line through the whole pipeline in memory: one output per line, rejections separately. Exit code 1 if
 * anything was rejected.
 */
export const reportTrial = (definition: AnyDefinition, { alias, text, handledAtMs }: Trial): Report => {
  const topic = definition.topics[alias]
  if (topic === undefined || definition.steps[alias] === undefined) {
    const known = Object.keys(definition.steps).join(', ')
    throw new UsageError(`expected a topic with a step (${known}), got ${alias}`)
  }
  const outputs: string[] = []
  const rejections: string[] = []
  const send = createChain(definition, handledAtMs, {
    onMade: (record) => outputs.push(JSON.stringify(describe(definition, record))),
    onDropped: () => undefined,
    onRejected: (record, reason, message) =>
      rejections.push(`${record.topic}/${record.partition}/${record.offset}: ${reason}: ${message}`),
  })
  for (const line of splitLines(text)) {
    send(alias, { key: null, value: Buffer.from(line), headers: [], partition: 0, timestampMs: handledAtMs })
  }
  return {
    text: outputs.join('\n'),
    json: {
      topic: namesOfTopic(topic)[0],
      outputs: outputs.map((output) => JSON.parse(output) as unknown),
      rejections,
    },
    complaint: rejections.join('\n'),
    exitCode: rejections.length > 0 ? 1 : 0,
  }
}

const splitLines = (text: string): readonly string[] => {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

const describe = ({ topics }: AnyDefinition, { alias, topic, key, value }: MadeRecord) => {
  const decoded = topics[alias]?.value.decode(value)
  return { topic, key: key?.toString('utf8') ?? null, value: decoded?.ok ? decoded.value : null }
}
