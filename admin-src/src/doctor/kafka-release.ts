import type { ApiVersion } from '@kafka-etl/kafka'

const fetchKey = 1

/** A broker does not report its release, but each release raised the highest or the lowest version of Fetch. */
const releases: readonly { readonly minVersion: number; readonly maxVersion: number; readonly release: string }[] = [
  { minVersion: 4, maxVersion: 18, release: '4.1 or later' },
  { minVersion: 4, maxVersion: 17, release: '4.0' },
  { minVersion: 0, maxVersion: 17, release: '3.9' },
  { minVersion: 0, maxVersion: 16, release: '3.7 or 3.8' },
  { minVersion: 0, maxVersion: 15, release: '3.5 or 3.6' },
  { minVersion: 0, maxVersion: 13, release: '3.1 to 3.4' },
  { minVersion: 0, maxVersion: 12, release: '2.7 to 3.0' },
  { minVersion: 0, maxVersion: 11, release: '2.3 to 2.6' },
]

/** The release with these versions; undefined if they identify none: the broker is older. */
export const findKafkaRelease = (versions: readonly ApiVersion[]): string | undefined => {
  const fetch = versions.find(({ apiKey }) => apiKey === fetchKey)
  if (!fetch) return undefined
  return releases.find(({ minVersion, maxVersion }) => fetch.minVersion >= minVersion && fetch.maxVersion >= maxVersion)
    ?.release
}
