import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from './candidate.js'
import { startChild, type Child } from './child.js'
import { serviceEnvironment } from './etl-candidate.js'

export type ServiceName = 'producer' | 'etl' | 'reader'

/** The reader's folder for a job. It starts empty: a reader continues from existing files. */
export const resultsOf = (job: Job): string => join(job.folders.written, job.id)

/** Starts one of the three services for a job. These settings override those of the job. */
export const startService = async (
  name: ServiceName,
  job: Job,
  settings: Readonly<Record<string, string>> = {},
): Promise<Child> => {
  await mkdir(resultsOf(job), { recursive: true })
  const environment: Readonly<Record<string, string>> = {
    ...serviceEnvironment(job),
    RESULTS_DIR: resultsOf(job),
    ...settings,
  }
  const { root, data, logs } = job.folders
  const command = {
    command: process.execPath,
    args: [join(root, `${name}-src`, 'dist', 'main.js')],
    cwd: data,
    environment,
  }
  return startChild(command, join(logs, `${job.id}-${name}.log`))
}

export type Growth = { readonly atMs: number; readonly bytes: number }

/** Watches a file's size until `isDone`, and reports each change. */
export const watchFile = async (
  path: string,
  isDone: () => boolean,
  onGrowth: (growth: Growth) => void,
): Promise<void> => {
  let bytes = 0
  for (;;) {
    // Ask first, to include what was written last.
    const wasDone = isDone()
    const size = await stat(path).then(
      (file) => file.size,
      () => 0,
    )
    if (size !== bytes) onGrowth({ atMs: performance.now(), bytes: size })
    bytes = size
    if (wasDone) return
    await sleep(5)
  }
}
