/** What noaa makes of a flat reading. */
export type Kind = 'readings' | 'arizona' | 'alerts'

export const kinds: readonly Kind[] = ['readings', 'arizona', 'alerts']

export const topicOf: Readonly<Record<Kind, string>> = {
  readings: 'noaa-json',
  arizona: 'noaa-json-us-az',
  alerts: 'noaa-alerts',
}

export const partitionsOf: Readonly<Record<Kind, number>> = { readings: 4, arizona: 4, alerts: 1 }
