import { formatTable } from '@kafka-etl/common'
import type { AnyDefinition } from '@kafka-etl/pipeline'
import { listRegisteredTopics, type RegisteredTopic, type RegistryClient } from '@kafka-etl/pipeline/registry'
import type { Report } from '../report.js'

type Verdict = { readonly topic: string; readonly subject: string; readonly verdict: string; readonly why: string }

/** For each topic of a pipeline, whether its schema is registered, could be, or would be refused. Changes nothing. */
export const reportCheck = async (client: RegistryClient, definition: AnyDefinition): Promise<Report> => {
  const verdicts: Verdict[] = []
  for (const topic of listRegisteredTopics(definition)) verdicts.push(await judge(client, topic))
  const refused = verdicts.filter(({ verdict }) => verdict === 'refused')
  return {
    text:
      verdicts.length === 0
        ? `${definition.name} has no topic with a registered format.`
        : formatTable(
            ['TOPIC', 'SUBJECT', 'SCHEMA'],
            verdicts.map(({ topic, subject, verdict }) => [topic, subject, verdict]),
          ),
    json: verdicts,
    exitCode: refused.length > 0 ? 2 : 0,
    complaint: refused
      .map(
        ({ topic, subject, why }) =>
          `${topic}: expected a schema that is compatible with those of ${subject}, got 409 ${why}`,
      )
      .join('\n'),
  }
}

const judge = async (client: RegistryClient, { topic, subject, schema }: RegisteredTopic): Promise<Verdict> => {
  const of = (verdict: string, why = ''): Verdict => ({ topic, subject, verdict, why })
  if ((await client.findId(subject, schema)) !== undefined) return of('registered')
  if (!(await client.fetchLatest(subject))) return of('new')
  const { isCompatible, messages } = await client.checkCompatible(subject, schema)
  if (isCompatible) return of('may follow')
  return of('refused', messages.join('; ') || `in mode ${await client.fetchCompatibility(subject)}`)
}
