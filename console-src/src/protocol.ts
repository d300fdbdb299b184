/** The JSON that the server sends to the page. Times are epoch ms; offsets are text, since they have 64 bits. */

/** The valid names of Kafka topics, as a regular expression. */
export const topicNamePattern = '^[a-zA-Z0-9._-]{1,249}$'

/** A topic of the running pipeline. */
export type FlowTopic = {
  readonly name: string
  readonly alias: string
  readonly isRead: boolean
  readonly isWritten: boolean
  /** The file to which the reader writes it; undefined: none. */
  readonly resultFile: string | undefined
}

/** A job of the engine, from its SQL file. */
export type FlowJob = {
  readonly name: string
  readonly file: string
  readonly reads: readonly string[]
  readonly writes: readonly string[]
}

/** The data flow: topics, and which topics are derived from which. */
export type Flow = {
  readonly pipeline: string
  readonly groupId: string
  readonly topics: readonly FlowTopic[]
  /** From a topic to a topic that its step writes, by their names in Kafka. */
  readonly routes: readonly { readonly from: string; readonly to: string }[]
  /** The engine's jobs. A job reads topics and writes others. */
  readonly jobs: readonly FlowJob[]
  readonly deadLetterTopic: string
  /** The topics to which the producer sends. */
  readonly sampled: readonly string[]
  /** The zones of the inputs, if the pipeline unifies clocks. */
  readonly zones: readonly { readonly topic: string; readonly zone: string }[]
}

export type TopicState = {
  readonly name: string
  /** How many committed records it contains. */
  readonly records: number
  /** False while older records are not counted yet, or never will be: then `records` is an estimate. */
  readonly isExact: boolean
  /** Records per second, over the last seconds. */
  readonly rate: number
  readonly partitions: number
  /** The text of the newest record, cut. */
  readonly newest: string | undefined
}

export type GroupState = {
  readonly id: string
  /** Kafka's name of the state: Stable, Empty, PreparingRebalance … */
  readonly state: string
  readonly members: number
  /** How many records wait in each topic that it reads. */
  readonly lag: Readonly<Record<string, number>>
  /** How long the oldest of them has waited. */
  readonly lagSeconds: number
}

export type PartState = {
  readonly name: string
  readonly state: 'ready' | 'failing' | 'silent'
  readonly reason: string
  /** For the reader: the rows written since its start, and the records that it has not written yet. */
  readonly rows: number | undefined
  readonly waiting: number | undefined
}

export type JobState = {
  readonly name: string
  /** Flink's name of the state: RUNNING, RESTARTING … */
  readonly state: string
  /** Whether all of its tasks run. */
  readonly isWorking: boolean
  /** Restarts since its JobManager started. */
  readonly restarts: number
  /** The age of the last completed checkpoint; undefined: none yet. */
  readonly checkpointAgeMs: number | undefined
}

/** Flink's state; undefined: this stack has no engine. */
export type EngineState =
  | { readonly ok: true; readonly jobs: readonly JobState[] }
  | { readonly ok: false; readonly reason: string }
  | undefined

export type LettersState = { readonly total: number; readonly byReason: Readonly<Record<string, number>> }

export type Delays = { readonly p50Ms: number; readonly p99Ms: number; readonly samples: number }

/** Everything that changes, at one instant. */
export type LiveState = {
  readonly atMs: number
  readonly kafka: { readonly ok: true } | { readonly ok: false; readonly reason: string }
  readonly topics: readonly TopicState[]
  /** Topics of the pipeline that do not exist. */
  readonly missing: readonly string[]
  readonly group: GroupState | undefined
  readonly parts: readonly PartState[]
  readonly engine: EngineState
  readonly letters: LettersState
  readonly delays: Delays | undefined
}

/** The last ten minutes, oldest first: one column of numbers for each series. Null: unknown at that time. */
export type History = {
  readonly times: readonly number[]
  readonly series: Readonly<Record<string, readonly (number | null)[]>>
}

/** One point of each series: `rate:<topic>`, `lag`, `lagSeconds`, `p50`, `p99`, `reason:<reason>`. */
export type HistoryPoint = { readonly atMs: number; readonly values: Readonly<Record<string, number>> }

/** Bytes as readable text; every deceptive character is escaped. */
export type ShownBytes = {
  /** `none`: null, a tombstone. */
  readonly kind: 'none' | 'text' | 'json' | 'decoded' | 'hex'
  readonly text: string
  readonly bytes: number
  readonly isCut: boolean
}

export type ShownRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly timestampMs: number
  readonly key: ShownBytes
  readonly value: ShownBytes
  readonly headers: readonly { readonly name: string; readonly value: ShownBytes }[]
  /** `topic/partition/offset` of its input, from its header. */
  readonly source: string | undefined
}

export type RecordsPage = {
  readonly records: readonly ShownRecord[]
  /** How many records were skipped because too many came. */
  readonly skipped: number
  /** How many partitions with records were not read because there are too many. */
  readonly partitionsLeftOut: number
}

export type Trace = {
  /** From the first ancestor to the record itself. */
  readonly origin: readonly ShownRecord[]
  /** The records derived from it. */
  readonly outcome: readonly ShownRecord[]
  /** Topics that contain nothing derived from it. */
  readonly without: readonly string[]
}

export type TopicSummary = { readonly name: string; readonly partitions: number; readonly isOfPipeline: boolean }

export type TopicList = { readonly total: number; readonly topics: readonly TopicSummary[] }

export type TopicDetail = {
  readonly name: string
  readonly partitions: readonly {
    readonly partition: number
    readonly start: string
    readonly end: string
    readonly stableEnd: string
    readonly bytes: string | undefined
  }[]
  readonly partitionCount: number
  readonly settings: Readonly<Record<string, string>>
  readonly readers: readonly string[]
}

export type Letter = ShownRecord & {
  readonly reason: string
  readonly message: string
  readonly rejectedAtMs: number | undefined
  /** The command that replays it. */
  readonly replay: string
}

export type GroupDetail = {
  readonly id: string
  readonly state: string
  readonly members: readonly {
    readonly client: string
    readonly host: string
    readonly partitions: readonly string[]
  }[]
  readonly lags: readonly {
    readonly place: string
    readonly committed: string
    readonly end: string
    readonly lag: number
  }[]
}

export type Job = JobState & {
  readonly file: string | undefined
  readonly runningMs: number
  /** The beginning of its last failure. */
  readonly exception: string | undefined
}

/** `note`: why there are none. */
export type JobList = { readonly jobs: readonly Job[]; readonly note: string | undefined }

export type Subject = {
  readonly name: string
  readonly version: number
  readonly id: number
  readonly type: string
  readonly compatibility: string
  readonly schema: string
}

/** `note`: why there are none. */
export type SubjectList = {
  readonly total: number
  readonly subjects: readonly Subject[]
  readonly note: string | undefined
}
