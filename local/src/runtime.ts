import type { Environment } from '@kafka-etl/common'
import type { Folders } from './folders.js'
import type { PartStatus } from './part-status.js'
import type { StackPipeline } from './stack-pipeline.js'
import type { StackSettings } from './stack-settings.js'

/** The operations of both runtimes, on which the targets of `make` are built. */
export type Runtime = {
  readonly name: 'docker' | 'local'
  /**
   * Starts what is not running, and restarts what runs with other settings or another pipeline. Returns before
   * everything is healthy.
   */
  readonly start: (pipeline: StackPipeline) => Promise<void>
  /** Every part that runs, or has run since it was last taken down. */
  readonly readStatus: () => Promise<readonly PartStatus[]>
  /** Stops the services and keeps the broker. */
  readonly stop: () => Promise<void>
  /** Stops everything. */
  readonly down: () => Promise<void>
  /** Stops everything and removes the broker's data; returns what was removed. */
  readonly removeData: () => Promise<readonly string[]>
  /** Runs one of Kafka's tools in this terminal; resolves to its exit code. */
  readonly runTool: (name: string, args: readonly string[]) => Promise<number>
  readonly readLastLogLines: (part: string, count: number) => Promise<readonly string[]>
  /** Follows the logs of the parts of one kind, or of all, until `stopping`. */
  readonly followLogs: (service: string | undefined, stopping: AbortSignal) => Promise<void>
}

export type RuntimeContext = {
  /** The pipeline to start, or the last one started. */
  readonly pipelineName: string
  readonly settings: StackSettings
  readonly folders: Folders
  /** The environment, with `.env` as a fallback. */
  readonly environment: Environment
  readonly dotenv: Environment
  readonly say: (line: string) => void
}
