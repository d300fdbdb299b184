import type { Contender } from '../candidate.js'
import { createPipelineEtl } from '../pipelines/pipeline-etl.js'
import type { PipelineJob } from '../pipelines/pipeline-run.js'
import { createStreamsContender } from '../pipelines/streams-contender.js'

export type RidesFormat = 'json' | 'avro'

export const inputOf = (format: RidesFormat): string => `rides_${format}`

/** This ETL, and the peer that reads the same topic by the same schemas. */
export const ridesEtl = (registryUrl: string): Contender<PipelineJob> =>
  createPipelineEtl('rides', { SCHEMA_REGISTRY_URL: registryUrl })

export const ridesPeer = (format: RidesFormat, registryUrl: string): Contender<PipelineJob> =>
  createStreamsContender('RideStream', () => ({
    INPUT_TOPIC: inputOf(format),
    FORMAT: format,
    REGISTRY_URL: registryUrl,
  }))
