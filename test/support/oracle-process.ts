import { createInterface } from 'node:readline'
import { startChild } from './child.js'
import { resolveJars } from './jars.js'
import { compileJava } from './java-classes.js'

/** A running command: its id, and a promise for its result. */
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

/** Starts the Java side of the oracle, compiled the first time and after its sources have changed. */
export const startOracleProcess = async (): Promise<OracleProcess> => {
  const jars = await resolveJars('3.9')
  const classes = await compileJava('java', jars)
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
