export { connectRegistry } from './connect-registry.js'
export { listRegisteredTopics, subjectOf, type RegisteredTopic } from './registered-topics.js'
export { registerSchema } from './register-schemas.js'
export {
  compatibilityModes,
  createRegistryClient,
  RegistryRefusal,
  RegistryUnavailable,
  type RegistryClient,
  type SubjectVersion,
} from './registry-client.js'
export type { ValueDecoder } from './connected-formats.js'
export { createValueDecoder } from './value-decoder.js'
export type { AnyValue } from '../schemas/read-any.js'
export { createSchemaStore, type SchemaStore } from './schema-store.js'
