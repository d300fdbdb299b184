import type { KafkaAdmin, RecordView } from '@kafka-etl/kafka'

/** Offsets of an input partition from `from` up to but not including `to`. */
export type Stretch = {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
}

export type StretchAdmin = Pick<KafkaAdmin, 'describeTopics' | 'readLogPage'>

const pageBytes = 1_048_576

/**
 * Reads the committed records of a stretch, in order. It joins no group, which the ETL's user may not be allowed to do:
 * it only needs permission to read the topic. A record is valid until the next one comes. Rejects if the log ends
 * before the stretch does.
 */
export const readStretch = async (
  admin: StretchAdmin,
  { topic, partition, from, to }: Stretch,
  onRecord: (record: RecordView) => void,
): Promise<void> => {
  if (from >= to) return
  const nodeId = await findLeader(admin, topic, partition)
  for (let offset = from; offset < to;) {
    const page = await admin.readLogPage({
      nodeId,
      topic,
      partition,
      offset,
      maxBytes: pageBytes,
      isolation: 'read_committed',
    })
    if (page.nextOffset <= offset) {
      throw new Error(
        `${topic} partition ${partition}: expected records up to offset ${to}, got none from ${offset} on`,
      )
    }
    for await (const { records } of page.fetched.chunks(Number.POSITIVE_INFINITY)) {
      for (const record of records) if (record.offset >= offset && record.offset < to) onRecord(record)
    }
    offset = page.nextOffset
  }
}

const findLeader = async (admin: StretchAdmin, topic: string, partition: number): Promise<number> => {
  const [described] = await admin.describeTopics([topic])
  const leaderId = described?.partitions.find((one) => one.partition === partition)?.leaderId
  if (leaderId === undefined) throw new Error(`${topic} partition ${partition}: expected a leader, found none`)
  return leaderId
}
