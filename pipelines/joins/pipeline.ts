import { definePipeline, json, lines, reject, rows, Type, type Output, type StepRecord } from '@kafka-etl/pipeline'

const Left = Type.Object({ b: Type.String() })
const Right = Type.Object({ d: Type.String() })
/** A row of a table. Null, a tombstone, deletes it. */
const LeftRow = Type.Union([Left, Type.Null()])
const RightRow = Type.Union([Right, Type.Null()])

const Joined = Type.Object({ b: Type.String(), d: Type.Union([Type.String(), Type.Null()]) })
/** An event of either stream that came too late for the join. */
const Late = Type.Object({
  missed: Type.String(),
  event_ms: Type.Integer(),
  b: Type.Optional(Type.String()),
  d: Type.Optional(Type.String()),
})
const JoinedRow = Type.Union([Joined, Type.Null()])

type Make<Value> = (value: Value, options: { readonly headers: readonly (readonly [string, Buffer])[] }) => Output

/**
 * The same key and value, with the event time as a header, since the output's own timestamp is the time of handling.
 */
const validate =
  <Value>(make: Make<Value>) =>
  ({ value, key, timestampMs }: StepRecord<Value>) =>
    key === null || key.length === 0
      ? reject('key_missing', 'Expected a key to join by, got none')
      : make(value, { headers: [['event_time', Buffer.from(String(timestampMs))]] })

/** Validates the inputs of three joins. Flink joins them. */
export const pipeline = definePipeline({
  name: 'joins',
  topics: {
    ttLeft: { name: 'tt_left', value: json(LeftRow), partitions: 1 },
    ttRight: { name: 'tt_right', value: json(RightRow), partitions: 1 },
    stLeft: { name: 'st_left', value: json(Left), partitions: 1 },
    stRight: { name: 'st_right', value: json(RightRow), partitions: 1 },
    // Their event times may be long past, and Kafka would delete records older than a week.
    ssLeft: { name: 'ss_left', value: json(Left), partitions: 1, settings: { 'retention.ms': '-1' } },
    ssRight: { name: 'ss_right', value: json(Right), partitions: 1, settings: { 'retention.ms': '-1' } },
    ttLeftValid: { name: 'tt_left_valid', value: json(LeftRow), settings: { 'cleanup.policy': 'compact' } },
    ttRightValid: { name: 'tt_right_valid', value: json(RightRow), settings: { 'cleanup.policy': 'compact' } },
    stLeftValid: { name: 'st_left_valid', value: json(Left) },
    stRightValid: { name: 'st_right_valid', value: json(RightRow), settings: { 'cleanup.policy': 'compact' } },
    ssLeftValid: { name: 'ss_left_valid', value: json(Left) },
    ssRightValid: { name: 'ss_right_valid', value: json(Right) },
    // The engine writes these.
    ttJoined: { name: 'tt_joined', value: json(JoinedRow), settings: { 'cleanup.policy': 'compact' } },
    stJoined: { name: 'st_joined', value: json(Joined) },
    ssJoined: { name: 'ss_joined', value: json(Joined) },
    ssLate: { name: 'ss_late', value: json(Late) },
  },
  reasons: ['key_missing'],
  steps: {
    ttLeft: (record, { to }) => validate(to.ttLeftValid)(record),
    ttRight: (record, { to }) => validate(to.ttRightValid)(record),
    stLeft: (record, { to }) => validate(to.stLeftValid)(record),
    stRight: (record, { to }) => validate(to.stRightValid)(record),
    ssLeft: (record, { to }) => validate(to.ssLeftValid)(record),
    ssRight: (record, { to }) => validate(to.ssRightValid)(record),
  },
  sample: lines('sample.jsonl'),
  results: {
    ttJoined: rows(['$key', 'b', 'd', '$deleted'], { first: true }),
    stJoined: rows(['$key', 'b', 'd']),
    ssJoined: rows(['$key', 'b', 'd']),
    ssLate: rows(['$key', 'missed', 'event_ms', 'b', 'd']),
  },
})
