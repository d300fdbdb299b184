/** What the server tells the page, as JSON. Times are epoch ms; offsets are text, since they are 64 bits wide. */

/** The names that Kafka takes for a topic, as a regular expression. */
export const topicNamePattern = '^[a-zA-Z0-9._-]{1,249}$'

/** A topic of the pipeline that runs. */
export type FlowTopic = {
  readonly name: string
  readonly alias: string
  readonly isRead: boolean
  readonly isWritten: boolean
  /** Whether the reader writes it to a file. */
  readonly resultFile: string | undefined
}

/** A job of the engine, by its SQL file. */
export type FlowJob = {
  readonly name: string
  readonly file: string
  readonly reads: readonly string[]
  readonly writes: readonly string[]
}

/** The way of the data: topics, and which of them are made of which. */
export type Flow = {
  readonly pipeline: string
  readonly groupId: string
  readonly topics: readonly FlowTopic[]
  /** From a topic to one that its step writes, by Kafka's names. */
  readonly routes: readonly { readonly from: string; readonly to: string }[]
  /** What the engine runs: a job reads topics and writes others. */
  readonly jobs: readonly FlowJob[]
  readonly deadLetterTopic: string
  /** What the producer sends to. */
  readonly sampled: readonly string[]
  /** Zones of the inputs, if the pipeline unifies clocks. */
  readonly zones: readonly { readonly topic: string; readonly zone: string }[]
}

export type TopicState = {
  readonly name: string
  /** Records that are in it, committed ones only. */
  readonly records: number
  /** False while older records are not counted yet, or never will be: then `records` is an estimate. */
  readonly isExact: boolean
  /** Records a second, over the last seconds. */
  readonly rate: number
  readonly partitions: number
  /** The text of the newest record, cut. */
  readonly newest: string | undefined
}

export type GroupState = {
  readonly id: string
  /** As Kafka calls it: Stable, Empty, PreparingRebalance … */
  readonly state: string
  readonly members: number
  /** Records that wait in each topic that it reads. */
  readonly lag: Readonly<Record<string, number>>
  /** How long the oldest of them has waited. */
  readonly lagSeconds: number
}

export type PartState = {
  readonly name: string
  readonly state: 'ready' | 'failing' | 'silent'
  readonly reason: string
  /** Rows, of the reader: written since it started, and records that it has not written yet. */
  readonly rows: number | undefined
  readonly waiting: number | undefined
}

export type JobState = {
  readonly name: string
  /** As Flink calls it: RUNNING, RESTARTING … */
  readonly state: string
  /** Whether all of its tasks run. */
  readonly isWorking: boolean
  /** Since its JobManager started. */
  readonly restarts: number
  /** Of the last one that was completed; undefined: there is none yet. */
  readonly checkpointAgeMs: number | undefined
}

/** What Flink says; undefined: this stack has no engine. */
export type EngineState =
  | { readonly ok: true; readonly jobs: readonly JobState[] }
  | { readonly ok: false; readonly reason: string }
  | undefined

export type LettersState = { readonly total: number; readonly byReason: Readonly<Record<string, number>> }

export type Delays = { readonly p50Ms: number; readonly p99Ms: number; readonly samples: number }

/** Everything that moves, at one instant. */
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

/** The last ten minutes, oldest first: one column of numbers for each series. Null: not known then. */
export type History = {
  readonly times: readonly number[]
  readonly series: Readonly<Record<string, readonly (number | null)[]>>
}

/** One point of each series: `rate:<topic>`, `lag`, `lagSeconds`, `p50`, `p99`, `reason:<reason>`. */
export type HistoryPoint = { readonly atMs: number; readonly values: Readonly<Record<string, number>> }

/** Bytes as people may read them: every character that could deceive is written as an escape. */
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
  /** `topic/partition/offset` that it was made of, from its header. */
  readonly source: string | undefined
}

export type RecordsPage = {
  readonly records: readonly ShownRecord[]
  /** Records that were passed over, since more came than can be shown. */
  readonly skipped: number
  /** Partitions that hold records and were not looked at, since there are too many. */
  readonly partitionsLeftOut: number
}

export type Trace = {
  /** From the first ancestor to the record itself. */
  readonly origin: readonly ShownRecord[]
  /** What was made of it. */
  readonly outcome: readonly ShownRecord[]
  /** Topics in which nothing of it was found. */
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
  /** The command that sends it back to where it came from. */
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
