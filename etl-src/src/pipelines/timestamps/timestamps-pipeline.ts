import { createZoneOffset } from '@kafka-etl/common'
import type { Pipeline } from '../pipeline.js'
import { createWriteNormalized } from './fast-path.js'
import type { LocalTimePolicy } from './local-time.js'
import { normalize, type ZoneCheck } from './normalize.js'

export type TimestampsPipelineOptions = {
  /** The IANA zone of the input topic. */
  readonly zone: string
  readonly localTime: LocalTimePolicy
  readonly zoneCheck: ZoneCheck
}

/** The pipeline of one input topic: its logs' dates become milliseconds since 1970, exact to the microsecond. */
export const createTimestampsPipeline = ({ zone, localTime, zoneCheck }: TimestampsPipelineOptions): Pipeline => {
  const rules = { zone, localTime, zoneCheck, offsetAt: createZoneOffset(zone) }
  return {
    transform: (value, handledAtMs) => normalize(value, handledAtMs, rules),
    writeOutput: createWriteNormalized(rules),
  }
}
