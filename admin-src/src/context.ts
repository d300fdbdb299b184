import type { Clock, CrashPoint, Logger } from '@kafka-etl/common'
import type { Kafka, KafkaAdmin } from '@kafka-etl/kafka'
import type { AdminPipeline, Definitions } from './pipelines/definitions.js'
import type { AdminSettings } from './settings.js'

/** What a command works with. */
export type AdminContext = {
  readonly settings: AdminSettings
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  readonly crashPoint: CrashPoint
  readonly definitions: Definitions
  /** The pipeline of the command: PIPELINE, or --pipeline. */
  readonly pipeline: AdminPipeline
  /** Writes a line to stdout at once, for commands that do not end by themselves. */
  readonly print: (line: string) => void
}

/** A context whose broker has answered. */
export type ConnectedContext = AdminContext & { readonly admin: KafkaAdmin }

/** The prefix of the temporary groups that read topics; an ACL for the prefix of the ETL's group covers them. */
export const readerGroupPrefix = ({ settings }: AdminContext): string => `${settings.groupId}-admin`

/** If no record comes for this long although there are some, the broker has stopped answering. */
export const readStallMs = 30_000
