import type { RegistryClient } from '@kafka-etl/pipeline/registry'
import type { Report } from '../report.js'

/** Shows or sets a subject's compatibility mode. */
export const reportCompatibility = async (
  client: RegistryClient,
  subject: string,
  mode: string | undefined,
): Promise<Report> => {
  if (mode !== undefined) await client.setCompatibility(subject, mode)
  const compatibility = await client.fetchCompatibility(subject)
  return { text: `${subject}: ${compatibility}`, json: { subject, compatibility }, exitCode: 0 }
}
