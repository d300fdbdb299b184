import { SettingsError } from '@kafka-etl/common'
import { RegistryRefusal, type RegistryClient } from './registry-client.js'
import type { RegisteredTopic } from './registered-topics.js'

/**
 * Returns the id of a topic's schema. Registers a new version of the subject if necessary. If the schema is not
 * compatible with earlier versions, it is refused with the registry's message, and nothing is written.
 */
export const registerSchema = async (
  client: Pick<RegistryClient, 'findId' | 'register'>,
  { topic, subject, schema }: RegisteredTopic,
  autoRegister: boolean,
): Promise<number> => {
  const refused = (error: RegistryRefusal): SettingsError =>
    new SettingsError(`${topic}: expected a schema that is compatible with those of ${subject}, got ${error.message}`, {
      cause: error,
    })
  try {
    const id = await client.findId(subject, schema)
    if (id !== undefined) return id
    if (autoRegister) return await client.register(subject, schema)
  } catch (error) {
    throw error instanceof RegistryRefusal ? refused(error) : error
  }
  throw new SettingsError(
    `${topic}: expected its schema to be registered under ${subject}, since SCHEMA_REGISTRY_AUTO_REGISTER is false, found it not: \`npm run admin -- schemas register\` does so`,
  )
}
