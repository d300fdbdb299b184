import type { RegistryClient } from '@kafka-etl/pipeline/registry'
import type { SubjectList } from '../protocol.js'
import { withoutDeceit } from '../records/shown-bytes.js'

const mostSubjects = 100
const mostSchema = 65_536

/** The subjects of the registry, each in its latest version. */
export const listSubjects = async (
  client: Pick<RegistryClient, 'listSubjects' | 'fetchLatest' | 'fetchCompatibility'>,
): Promise<SubjectList> => {
  const names = (await client.listSubjects()).toSorted()
  const found = await Promise.all(
    names.slice(0, mostSubjects).map(async (name) => {
      const [latest, compatibility] = await Promise.all([client.fetchLatest(name), client.fetchCompatibility(name)])
      if (!latest) return []
      const { id, version, schema } = latest
      const text = withoutDeceit(schema.text.slice(0, mostSchema))
      return [{ name: withoutDeceit(name), version, id, type: schema.type, compatibility, schema: text }]
    }),
  )
  return { total: names.length, subjects: found.flat(), note: undefined }
}
