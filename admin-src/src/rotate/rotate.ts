import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { listResults, listResultPaths } from '@kafka-etl/pipeline'
import { rotateResult, type Rotation } from '@kafka-etl/reader/rotation'
import type { AdminContext } from '../context.js'
import type { Report } from '../report.js'

/** Rotates the results of the pipeline, or all existing ones, one after the other. */
export const reportRotation = async (context: AdminContext, isForAll: boolean): Promise<Report> => {
  const { settings, clock, crashPoint } = context
  const { resultsDir } = settings
  const paths = isForAll
    ? await findResults(resultsDir)
    : listResults(context.pipeline.definition).map(({ file }) => file)
  const rotations: { readonly path: string; readonly rotation: Rotation }[] = []
  for (const path of paths) {
    const rotation = await rotateResult({ resultsDir, path, clock, crashPoint })
    rotations.push({ path, rotation })
  }
  const lines = rotations.map(({ path, rotation }) => describeRotation(resultsDir, path, rotation))
  return {
    text: lines.length === 0 ? describeNothing(context, isForAll) : lines.join('\n'),
    json: rotations.map(({ path, rotation }) => ({ result: path, ...rotation })),
    exitCode: rotations.some(({ rotation }) => rotation.kind === 'awaited') ? 1 : 0,
  }
}

const findResults = async (resultsDir: string): Promise<readonly string[]> => {
  const entries = await readdir(resultsDir, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const listed = await Promise.all(
    ['', ...folders].map(async (folder) => {
      const names = await readdir(join(resultsDir, folder)).catch(() => [])
      return listResultPaths(names).map((path) => posix.join(folder, path))
    }),
  )
  return listed.flat()
}

const describeNothing = ({ settings }: AdminContext, isForAll: boolean): string =>
  isForAll
    ? `There is no result in ${settings.resultsDir}.`
    : `${settings.pipeline} has no results: it only writes topics.`

const describeRotation = (resultsDir: string, path: string, rotation: Rotation): string => {
  const shown = join(resultsDir, path)
  switch (rotation.kind) {
    case 'rotated':
      return `${shown} is now ${rotation.file}; a new one has begun.`
    case 'missing':
      return `There is no ${shown} yet: nothing to rotate.`
    case 'left to the next start':
      return `${shown} becomes ${rotation.file} as soon as its reader starts again, which was killed, or belongs to another user.`
    case 'awaited':
      return `${shown} becomes ${rotation.file} as soon as its reader comes to it, which it has not for 30 s: is it paused, or its disk full?`
  }
}
