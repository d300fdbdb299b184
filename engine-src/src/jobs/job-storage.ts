import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '@kafka-etl/common'

/** Where a job keeps its state: a separate folder for each job name, where the next job with this name finds it. */
export type JobStorage = { readonly checkpoints: string; readonly savepoints: string }

export const planJobStorage = (stateDir: string, jobName: string): JobStorage => ({
  checkpoints: join(stateDir, 'checkpoints', jobName),
  savepoints: join(stateDir, 'savepoints', jobName),
})

/**
 * The newest complete checkpoint or savepoint of a job's name. It is complete once it has `_metadata`. Checkpoints are
 * in `<job id>/chk-<number>`, savepoints in `savepoint-<start of job id>-<random>`.
 */
export const findNewestState = async ({ checkpoints, savepoints }: JobStorage): Promise<string | undefined> => {
  const jobFolders = await listFolders(checkpoints)
  const candidates = [
    ...(await Promise.all(jobFolders.map(listFolders))).flat(),
    ...(await listFolders(savepoints)),
  ].filter((folder) => /[/\\](?:chk|savepoint)-[^/\\]+$/.test(folder))
  const dated = await Promise.all(
    candidates.map(async (folder) => ({ folder, writtenAtMs: await modifiedAtMs(join(folder, '_metadata')) })),
  )
  const complete = dated.flatMap(({ folder, writtenAtMs }) =>
    writtenAtMs === undefined ? [] : [{ folder, writtenAtMs }],
  )
  return complete.toSorted((one, other) => other.writtenAtMs - one.writtenAtMs)[0]?.folder
}

const listFolders = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
}

const modifiedAtMs = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )
