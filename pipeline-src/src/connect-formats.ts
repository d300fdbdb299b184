import type { AnyDefinition } from './definition.js'
import type { ConnectedDefinition, ConnectFormatsOptions } from './registry/connected-formats.js'

/** Whether any topic of a pipeline has its schema in a registry. */
export const hasRegisteredFormats = ({ topics }: AnyDefinition): boolean =>
  Object.values(topics).some(({ value, keyFormat }) => (value.registered ?? keyFormat?.registered) !== undefined)

/** Connects the formats whose schemas are in a registry. Without such formats, it loads and requests nothing. */
export const connectFormats = async (options: ConnectFormatsOptions): Promise<ConnectedDefinition> => {
  const { definition } = options
  if (!hasRegisteredFormats(definition)) return { definition, prepareOf: () => undefined }
  const { connectRegistry } = await import('./registry/connect-registry.js')
  return connectRegistry(options)
}
