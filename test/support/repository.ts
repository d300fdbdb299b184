import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const findRoot = (folder: string): string => {
  if (existsSync(join(folder, 'jest.config.js'))) return folder
  const parent = dirname(folder)
  if (parent === folder)
    throw new Error(`Expected to run inside the repository (a folder with jest.config.js), got ${process.cwd()}`)
  return findRoot(parent)
}

/** The repository's folder: the one with jest.config.js, at or above the working directory. */
export const repositoryRoot = findRoot(process.cwd())

/** Where jars and compiled Java are kept between runs: `$KAFKA_TEST_CACHE`, or `.data/test-jars`. */
export const cacheFolder = process.env.KAFKA_TEST_CACHE ?? join(repositoryRoot, '.data', 'test-jars')
