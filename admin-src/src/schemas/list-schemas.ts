import { formatTable } from '@kafka-etl/common'
import type { RegistryClient, SubjectVersion } from '@kafka-etl/pipeline/registry'
import { UsageError, type Report } from '../report.js'

/** One line for each subject. */
export const reportSchemas = async (client: RegistryClient): Promise<Report> => {
  const found = []
  for (const subject of (await client.listSubjects()).toSorted()) {
    const latest = await client.fetchLatest(subject)
    if (!latest) continue
    const { version, id, schema } = latest
    const compatibility = await client.fetchCompatibility(subject)
    found.push({ subject, type: schema.type, version, id, compatibility })
  }
  const rows = found.map(({ subject, type, version, id, compatibility }) => [
    subject,
    type,
    String(version),
    String(id),
    compatibility,
  ])
  return {
    text: formatTable(['SUBJECT', 'TYPE', 'VERSION', 'ID', 'COMPATIBILITY'], rows),
    json: found,
    exitCode: 0,
  }
}

/** The latest schema of a subject, in full. */
export const reportSchema = async (client: RegistryClient, subject: string): Promise<Report> => {
  const latest = await client.fetchLatest(subject)
  if (!latest) throw new UsageError(`expected a subject of the registry, got ${subject}; \`schemas list\` shows them`)
  const { id, version, schema } = latest
  return {
    text: [
      `${subject}, version ${version}, id ${id}, ${schema.type}`,
      ...referencesOf(latest),
      printSchema(latest),
    ].join('\n'),
    json: { subject, id, version, ...schema },
    exitCode: 0,
  }
}

const referencesOf = ({ schema: { references } }: SubjectVersion): readonly string[] =>
  references.length === 0 ? [] : [`names ${references.map(({ name }) => name).join(', ')}`]

const printSchema = ({ schema: { type, text } }: SubjectVersion): string => {
  if (type === 'PROTOBUF') return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
