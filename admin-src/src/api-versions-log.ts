import type { LogEntry } from 'kafkajs'
import type { ApiVersion } from './doctor/kafka-release.js'

/**
 * Keeps the answer to ApiVersions that KafkaJS asks for with each connection. It shows it nowhere but in the debug
 * entries of its own log.
 */
export const createApiVersionsLog = (): {
  readonly observe: (entry: LogEntry) => void
  readonly versions: () => readonly ApiVersion[]
} => {
  let versions: readonly ApiVersion[] = []
  return {
    observe: ({ log }) => {
      if (!log.message.startsWith('Response ApiVersions')) return
      const data = log.data as { readonly apiVersions?: readonly ApiVersion[] } | undefined
      versions = data?.apiVersions ?? versions
    },
    versions: () => versions,
  }
}
