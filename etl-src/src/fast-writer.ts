import {
  fastPathOf,
  namesOfTopic,
  outputRoomBytes,
  partitionOfSource,
  type AnyDefinition,
  type OutputRoom,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'
import type { RecordView } from '@kafka-etl/kafka'

/** The shortcut of a step, if it has one: from the bytes of a record to the bytes of its only output. */
export type FastWriter = {
  readonly topic: string
  readonly partition: number
  /** Writes the output's value into the room from 0 on, and returns its length; -1 leaves the record to the step. */
  readonly write: (record: RecordView, room: OutputRoom, handledAtMs: number) => number
}

export const createFastWriter = (
  { steps, topics }: AnyDefinition,
  { sources, topics: planned }: Topology,
  { alias, topic, index }: Source,
  partition: number,
): FastWriter | undefined => {
  const step = steps[alias]
  const fast = step && fastPathOf(step)
  if (!fast) return undefined
  const output = topics[fast.to]
  const name = output && namesOfTopic(output)[0]
  if (name === undefined) throw new Error(`expected a fast path to one of the topics, got ${fast.to}`)
  const writeFast = fast.prepare(topic)
  const partitions = planned.find((each) => each.name === name)?.partitions ?? 1
  return {
    topic: name,
    partition: partitionOfSource({ index, count: sources.length, partition }, partitions),
    write: ({ buffer, valueStart, valueLength }, room, handledAtMs) => {
      if (valueLength < 0) return -1
      const roomBytes = valueLength + outputRoomBytes
      if (room.bytes.length < roomBytes) room.bytes = Buffer.allocUnsafe(roomBytes)
      return writeFast(buffer, valueStart, valueStart + valueLength, room, handledAtMs)
    },
  }
}
