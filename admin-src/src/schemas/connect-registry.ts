import { SettingsError } from '@kafka-etl/common'
import { createRegistryClient, RegistryRefusal, type RegistryClient } from '@kafka-etl/pipeline/registry'
import type { AdminContext } from '../context.js'
import type { Report } from '../report.js'

/**
 * Runs work with the registry of the settings. A refusal by the registry gives exit code 2, since a retry does not
 * help.
 */
export const withRegistry = async (
  { settings }: Pick<AdminContext, 'settings'>,
  work: (client: RegistryClient) => Promise<Report>,
): Promise<Report> => {
  try {
    return await work(createRegistryClient(settings))
  } catch (error) {
    if (error instanceof RegistryRefusal) throw new SettingsError(`the registry answered ${error.message}`)
    throw error
  }
}
