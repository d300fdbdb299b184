import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Applies patches/ to the dependencies, after `npm ci`, or checks whether that is done:
 *
 *   node dependencies.js
 *   node dependencies.js check
 *
 * npm also runs it, unless it ignores scripts. It leaves a mark of the applied patches. Nothing is built without the
 * mark, since unpatched KafkaJS loses and repeats records.
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

/** Throws one sentence if the dependencies are not patched, or are patched with other patches. */
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

/** Checks before anything is compiled: unpatched types would fail with pages of unrelated errors. */
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
