import type { RegistrySettings } from '@kafka-etl/common'
import type { ValueDecoder } from './connected-formats.js'
import { createReadAny } from '../schemas/read-any.js'
import { createRegistryClient } from './registry-client.js'
import { schemaIdsOf } from './schema-ids.js'
import { createSchemaStore } from './schema-store.js'

export type ValueDecoderOptions = { readonly settings: RegistrySettings; readonly monotonicMs: () => number }

/** Creates a decoder without a pipeline. `prepare` rejects if the registry does not respond. */
export const createValueDecoder = ({ settings, monotonicMs }: ValueDecoderOptions): ValueDecoder => {
  const { fetchSchema, fetchHighestId } = createRegistryClient(settings)
  const store = createSchemaStore({ fetchSchema, fetchHighestId, monotonicMs })
  return { prepare: (values) => store.prepare(schemaIdsOf(values)), decode: createReadAny(store) }
}
