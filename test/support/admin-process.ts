import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startChild, type Exit } from './child.js'
import { repositoryRoot } from './repository.js'
import { makeTemporaryFolder } from './temporary-folder.js'
import { within } from './wait-for.js'

export type AdminOptions = {
  /** The value of KAFKA_BROKERS. */
  readonly bootstrap: string
  readonly environment?: Readonly<Record<string, string>>
  readonly deadlineMs?: number
  /** The root of the installation whose command runs; by default the repository. */
  readonly installation?: string
}

export type AdminResult = Exit & {
  readonly stdout: string
  readonly stderr: string
  /** The parsed output of `--json`. */
  readonly json: () => unknown
}

/** Runs one admin command in a separate process and waits for its end. */
export const runAdmin = async (commandLine: readonly string[], options: AdminOptions): Promise<AdminResult> => {
  const { bootstrap, environment, deadlineMs = 60_000, installation = repositoryRoot } = options
  const child = await startChild({
    name: `admin ${commandLine.join(' ')}`,
    command: process.execPath,
    args: [join(installation, 'admin-src', 'dist', 'main.js'), ...commandLine],
    cwd: await makeTemporaryFolder('admin'),
    environment: { NODE_ENV: 'test', KAFKA_BROKERS: bootstrap, ...environment },
  })
  const [stdout, stderr, exit] = await within(Promise.all([text(child.stdout), text(child.stderr), child.exit]), {
    what: `${child.name} to end`,
    deadlineMs,
  })
  return { ...exit, stdout, stderr, json: () => JSON.parse(stdout) as unknown }
}
