import type { Properties } from '@kafka-etl/local/broker'

/** The settings of every broker in tests: small, and quick to start and to stop. */
export const testBrokerSettings: Properties = {
  'offsets.topic.num.partitions': 1,
  'transaction.state.log.num.partitions': 1,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'log.cleaner.enable': false,
  'controlled.shutdown.enable': false,
  // Records of the past stay however long a broker's tests take.
  'log.retention.ms': -1,
  'log.flush.scheduler.interval.ms': '9223372036854775807',
}
