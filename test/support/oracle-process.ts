import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { startChild } from './child.js'
import { fillOnce, resolveJars } from './jars.js'
import { cacheFolder, repositoryRoot } from './repository.js'

const run = promisify(execFile)

/** A command under way: its id, and its result once it is there. */
export type Call = { readonly id: number; readonly result: Promise<unknown> }

export type OracleProcess = {
  readonly call: (
    command: string,
    fields: Readonly<Record<string, unknown>>,
    onRecord?: (record: unknown) => void,
  ) => Call
  readonly stop: () => Promise<void>
}

type Pending = {
  readonly onRecord: (record: unknown) => void
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}
type Answer = { readonly id: number; readonly record?: unknown; readonly result?: unknown; readonly error?: string }

const compile = async (jars: string): Promise<string> => {
  const folder = join(repositoryRoot, 'test', 'support', 'java')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.java')).map((file) => join(folder, file))
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(await readFile(file))
  const classes = join(cacheFolder, `oracle-${hash.digest('hex').slice(0, 8)}`)
  await fillOnce(classes, async (draft) => {
    await run('javac', ['-d', draft, '-cp', `${jars}/*`, ...files])
  })
  return classes
}

/** Starts the Java side of the oracle, compiled the first time and whenever its sources have changed. */
export const startOracleProcess = async (): Promise<OracleProcess> => {
  const jars = await resolveJars('3.9')
  const classes = await compile(jars)
  const child = await startChild({
    name: 'the oracle',
    command: 'java',
    args: ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${classes}:${jars}/*`, 'Oracle'],
  })
  const pending = new Map<number, Pending>()
  let lastId = 0
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000)
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer
    const call = pending.get(answer.id)
    if ('record' in answer) return call?.onRecord(answer.record)
    pending.delete(answer.id)
    if (answer.error === undefined) return call?.resolve(answer.result)
    return call?.reject(new Error(`The oracle failed: ${answer.error}`))
  })
  void child.exit.then(({ code, signal }) => {
    for (const { reject } of pending.values())
      reject(new Error(`The oracle ended (code ${code}, signal ${signal}): ${complaint}`))
  })
  return {
    call: (command, fields, onRecord = () => undefined) => {
      lastId += 1
      const id = lastId
      const result = new Promise<unknown>((resolve, reject) => pending.set(id, { onRecord, resolve, reject }))
      child.stdin.write(`${JSON.stringify({ id, command, ...fields })}\n`)
      return { id, result }
    },
    stop: async () => {
      await child.kill9()
    },
  }
}
