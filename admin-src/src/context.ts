import type { Clock, CrashPoint, Logger } from '@kafka-etl/common'
import type { Kafka, KafkaAdmin } from '@kafka-etl/kafka'
import type { Definitions } from './pipelines/definitions.js'
import type { AdminSettings } from './settings.js'

/** What a command works with. */
export type AdminContext = {
  readonly settings: AdminSettings
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  readonly crashPoint: CrashPoint
  readonly definitions: Definitions
}

/** A context whose broker has answered. */
export type ConnectedContext = AdminContext & { readonly admin: KafkaAdmin }

/** How the throw-away groups that read topics are called; an ACL for the prefix of the ETL's group covers them. */
export const readerGroupPrefix = ({ settings }: AdminContext): string => `${settings.groupId}-admin`

/** No record for so long, though there are some: the broker has stopped answering. */
export const readStallMs = 30_000
