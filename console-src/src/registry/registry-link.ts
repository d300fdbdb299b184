import type { Clock, RegistrySettings } from '@kafka-etl/common'
import type { ValueDecoder } from '@kafka-etl/pipeline/registry'
import type { SubjectList } from '../protocol.js'
import { listSubjects } from './list-subjects.js'

/** The console's only access to the registry. It only reads. */
export type RegistryLink = { readonly decoder: ValueDecoder; readonly listSubjects: () => Promise<SubjectList> }

// The libraries of the formats are loaded when the first value needs them.
const load = () => import('@kafka-etl/pipeline/registry')

export const createRegistryLink = (settings: RegistrySettings, clock: Pick<Clock, 'monotonicMs'>): RegistryLink => {
  let decoder: ValueDecoder | undefined
  return {
    decoder: {
      prepare: async (values) => {
        const { createValueDecoder } = await load()
        decoder ??= createValueDecoder({ settings, monotonicMs: clock.monotonicMs })
        await decoder.prepare(values)
      },
      decode: (bytes) =>
        decoder?.decode(bytes) ?? { ok: false, reason: 'schema_unknown', message: 'no schema has been asked for yet' },
    },
    listSubjects: async () => listSubjects((await load()).createRegistryClient(settings)),
  }
}
