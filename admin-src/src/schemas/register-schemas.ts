import { formatTable } from '@kafka-etl/common'
import type { AnyDefinition } from '@kafka-etl/pipeline'
import { listRegisteredTopics, registerSchema, type RegistryClient } from '@kafka-etl/pipeline/registry'
import type { Report } from '../report.js'

/** Registers the missing schemas. Stops at the first one that is refused. */
export const reportRegistration = async (client: RegistryClient, definition: AnyDefinition): Promise<Report> => {
  const registered = []
  for (const topic of listRegisteredTopics(definition)) {
    const id = await registerSchema(client, topic, true)
    registered.push({ topic: topic.topic, subject: topic.subject, id })
  }
  return {
    text:
      registered.length === 0
        ? `${definition.name} has no topic with a registered format.`
        : formatTable(
            ['TOPIC', 'SUBJECT', 'ID'],
            registered.map(({ topic, subject, id }) => [topic, subject, String(id)]),
          ),
    json: registered,
    exitCode: 0,
  }
}
