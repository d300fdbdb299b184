import type { AnyDefinition } from './definition.js'
import type { ConnectedDefinition, ConnectFormatsOptions } from './registry/connected-formats.js'

/** Whether a pipeline's topics have schemas in a registry. */
export const hasRegisteredFormats = ({ topics }: AnyDefinition): boolean =>
  Object.values(topics).some(({ value, keyFormat }) => (value.registered ?? keyFormat?.registered) !== undefined)

/** Connects the formats that have their schemas in a registry; without such formats, nothing is loaded or asked. */
export const connectFormats = async (options: ConnectFormatsOptions): Promise<ConnectedDefinition> => {
  const { definition } = options
  if (!hasRegisteredFormats(definition)) return { definition, prepareOf: () => undefined }
  const { connectRegistry } = await import('./registry/connect-registry.js')
  return connectRegistry(options)
}
