import { isTopicDenied, type KafkaAdmin } from '@kafka-etl/kafka'

/** How far a record's timestamp may be from the broker's clock, in ms, in either direction (KIP-937). */
const limits = [
  { setting: 'message.timestamp.before.max.ms', direction: 'behind' },
  { setting: 'message.timestamp.after.max.ms', direction: 'ahead of' },
] as const

export type TimestampLimit = {
  readonly setting: (typeof limits)[number]['setting']
  readonly direction: (typeof limits)[number]['direction']
  readonly ms: bigint
}

/**
 * The timestamps of outputs are the time of handling: a limit matters only if clocks, or a pause, can differ by this
 * much.
 */
const narrowMs = 600_000n

/**
 * The limits of these topics that are narrow enough to reject outputs. None if this user lacks the permission
 * (DescribeConfigs), or if the broker has no such limits (before Kafka 3.6).
 */
export const readTimestampLimits = async (
  admin: KafkaAdmin,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly TimestampLimit[]>> => {
  try {
    const names = limits.map(({ setting }) => setting)
    const settings = await admin.readTopicSettings(topics, [...names, timestampType])
    return new Map([...settings].map(([topic, values]) => [topic, findNarrow(values)]))
  } catch (error) {
    if (isTopicDenied(error)) return new Map()
    throw error
  }
}

const timestampType = 'message.timestamp.type'

const findNarrow = (values: ReadonlyMap<string, string>): readonly TimestampLimit[] => {
  // Then the broker stamps the records itself.
  if (values.get(timestampType) === 'LogAppendTime') return []
  return limits.flatMap(({ setting, direction }) => {
    const value = values.get(setting)
    return value !== undefined && BigInt(value) < narrowMs ? [{ setting, direction, ms: BigInt(value) }] : []
  })
}
