import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Applies patches/ to the dependencies, after `npm ci`: node dependencies.js. Says whether that is done: node dependencies.js check
 * npm runs it as well, unless it was told to ignore scripts. The mark that it leaves says what was applied; nothing is
 * built without it, since KafkaJS without its patch loses and repeats records.
 */
const root = import.meta.dirname
const markFile = join(root, 'node_modules', '.patched')

const hashPatches = () => {
  const folder = join(root, 'patches')
  const files = readdirSync(folder).filter((file) => file.endsWith('.patch'))
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

const readMark = () => {
  try {
    return readFileSync(markFile, 'utf8')
  } catch {
    return ''
  }
}

/** Throws one sentence if the dependencies are not patched, or not with these patches. */
export const requirePatchedDependencies = () => {
  if (readMark() === hashPatches()) return
  throw new Error(
    'Expected the dependencies to be patched with patches/, got others: run `make`, or `npm ci` and then `node dependencies.js` (npm with ignore-scripts=true leaves it out).',
  )
}

const applyPatches = () => {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'patch-package', 'index.js')], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status === 0) writeFileSync(markFile, hashPatches())
  return status ?? 1
}

/** Before anything is compiled: types without their patch would fail with pages of something else. */
const check = () => {
  try {
    requirePatchedDependencies()
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = process.argv[2] === 'check' ? check() : applyPatches()
}
