import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from '@kafka-etl/local/broker'
import { cacheFolder } from '../repository.js'

const run = promisify(execFile)
const client = 'confluent-kafka[avro,json,protobuf]==2.16.1'
const folder = join(cacheFolder, 'confluent-kafka-2.16.1')

/** The Python of a separate environment with Confluent's client. Downloaded once. */
const ensurePython = async (): Promise<string> => {
  const python = join(folder, 'bin', 'python')
  await mkdir(cacheFolder, { recursive: true })
  await withLock(join(cacheFolder, '.fetching-python'), async () => {
    if (existsSync(join(folder, 'done'))) return
    await rm(folder, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', client])
    await writeFile(join(folder, 'done'), '')
  })
  return python
}

/** Runs `confluent_side.py` with a task, and returns its result. */
export const askConfluent = async (task: object): Promise<unknown> => {
  const python = await ensurePython()
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const child = execFile(python, [join(__dirname, 'confluent_side.py')], (error, stdout, stderr) => {
    if (error) reject(new Error(stderr))
    else resolve(JSON.parse(stdout))
  })
  child.stdin?.end(JSON.stringify(task))
  return promise
}
