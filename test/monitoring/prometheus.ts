import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startChild } from '../support/child.js'
import { findFreePort } from '@kafka-etl/local/broker'
import { endAfterTests } from '../support/leftovers.js'
import { waitFor } from '../support/wait-for.js'

const run = promisify(execFile)

export type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }

export type Prometheus = {
  /** The current result of an expression. */
  readonly query: (expression: string) => Promise<readonly Sample[]>
}

/** The output of promtool for a configuration; rejects with it if the configuration is invalid. */
export const checkConfiguration = async (file: string): Promise<string> =>
  (await run('promtool', ['check', 'config', file])).stdout

/** The output of promtool for the tests of rules; rejects with it if one of them fails. */
export const testRules = async (file: string): Promise<string> =>
  (await run('promtool', ['test', 'rules', file])).stdout

/** The faults that promtool finds in a page of metrics; empty if there are none. */
export const checkMetrics = (page: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const promtool = spawn('promtool', ['check', 'metrics'])
    let output = ''
    promtool.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    promtool.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    promtool.once('error', reject)
    promtool.once('close', () => resolve(output))
    promtool.stdin.end(page)
  })

/** Starts Prometheus on a free port; it scrapes each target every second. */
export const startPrometheus = async (targets: Readonly<Record<string, readonly string[]>>): Promise<Prometheus> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-prometheus-'))
  endAfterTests(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'prometheus.yml')
  const scrapes = Object.entries(targets).map(([name, list]) => ({
    job_name: name,
    static_configs: [{ targets: list }],
  }))
  // JSON is valid YAML.
  await writeFile(file, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: scrapes }))
  const url = `http://127.0.0.1:${await findFreePort()}`
  const child = await startChild({
    name: 'Prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${url.replace('http://', '')}`,
    ],
  })
  child.stdout.resume()
  child.stderr.resume()
  await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, { what: 'Prometheus to be ready' })
  return {
    query: async (expression) => {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)
      const answer = (await response.json()) as {
        readonly status: string
        readonly error?: string
        readonly data?: { readonly result: readonly Sample[] }
      }
      if (answer.data === undefined) throw new Error(`${expression}: ${answer.error ?? answer.status}`)
      return answer.data.result
    },
  }
}
