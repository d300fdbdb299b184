import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endAfterTests } from './leftovers.js'

/** A new folder. It is removed after the tests of this file, and after everything that they left running in it. */
export const makeTemporaryFolder = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `kafka-etl-${name}-`))
  endAfterTests(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}
