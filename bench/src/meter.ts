import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { startChild } from './child.js'
import type { Folders } from './folders.js'

const run = promisify(execFile)

/** Where the readable part of each partition ended at a moment. */
export type Point = { readonly atMs: number; readonly ends: readonly number[] }

export type Checked = {
  readonly count: number
  readonly lost: number
  readonly twice: number
  readonly disordered: number
  readonly wrong: number
  /** The first and last offset of each partition's records; -1 if it has none. */
  readonly ends: readonly (readonly [number, number])[]
}

export type Latencies = {
  readonly read: number
  readonly expected: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
}

/** Sends a command to bench/java's Meter. The answer is a line of JSON, after lines of points. */
export type Meter = {
  readonly ask: (command: string, onPoint?: (point: Point) => void) => Promise<unknown>
  readonly stop: () => Promise<void>
}

const compile = async ({ bench, data, jars }: Folders): Promise<string> => {
  const classes = join(data, 'classes')
  await mkdir(classes, { recursive: true })
  const names = (await readdir(join(bench, 'java'))).filter((name) => name.endsWith('.java'))
  const files = names.map((name) => join(bench, 'java', name))
  await run('javac', ['-d', classes, '-cp', `${jars}/*`, ...files])
  return classes
}

/** Starts the Java side of the benchmark. It takes one command at a time. */
export const startMeter = async (folders: Folders, bootstrap: string): Promise<Meter> => {
  const classes = await compile(folders)
  const log4j = `-Dlog4j.configuration=file:${join(folders.bench, 'java', 'log4j.properties')}`
  const args = ['-Xmx512m', '-XX:+UseSerialGC', log4j, '-cp', `${classes}:${folders.jars}/*`, 'Meter', bootstrap]
  const logFile = join(folders.logs, 'meter.log')
  const child = await startChild({ command: 'java', args, cwd: folders.data }, logFile, 'pipe')
  const { stdin, stdout } = child.process
  if (!stdin || !stdout) throw new Error('expected pipes to the meter, got none')
  const lines = createInterface({ input: stdout })
  let pending: Promise<unknown> = Promise.resolve()
  const askNow = (command: string, onPoint: (point: Point) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const settle = (work: () => void): void => {
        lines.off('line', take)
        work()
      }
      const take = (line: string): void => {
        const answer = JSON.parse(line) as { readonly atMs?: number; readonly error?: string }
        if (answer.atMs !== undefined) onPoint(answer as Point)
        else if (answer.error === undefined) settle(() => resolve(answer))
        else settle(() => reject(new Error(`the meter failed at ${answer.error ?? ''}`)))
      }
      lines.on('line', take)
      void child.exit.then(() => reject(new Error(`expected the meter to answer, it has ended: see ${logFile}`)))
      stdin.write(`${command}\n`)
    })
  return {
    ask: (command, onPoint = () => undefined) => {
      const answer = pending.then(() => askNow(command, onPoint))
      pending = answer.catch(() => undefined)
      return answer
    },
    stop: child.stop,
  }
}
