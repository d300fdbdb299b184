import type { CommonSettings, EtlSettings } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import type { PipelineContext } from '@kafka-etl/pipeline/service'

/** What an ETL process gets when it starts. */
export type EtlContext = PipelineContext<EtlSettings & CommonSettings> & { readonly kafka: Kafka }
