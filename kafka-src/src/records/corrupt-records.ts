/** Bytes that violate Kafka's formats. The code that throws this does not know which partition they belong to. */
export class CorruptBytesError extends Error {
  override readonly name = 'CorruptBytesError'
}

/** Records of a partition that cannot be read. */
export class CorruptRecordsError extends Error {
  override readonly name = 'CorruptRecordsError'
  readonly topic: string
  readonly partition: number
  /** The offset of the record batch's first record. */
  readonly offset: bigint

  constructor(topic: string, partition: number, offset: bigint, cause: Error, holdsChecksum: boolean) {
    const origin = holdsChecksum
      ? 'its checksum holds: it was written so'
      : 'its checksum does not hold: it was damaged'
    super(
      `expected to read the record batch at ${topic}/${partition}/${offset}, got bytes that cannot be read (${cause.message}); ${origin}`,
      { cause },
    )
    this.topic = topic
    this.partition = partition
    this.offset = offset
  }
}
