import { mkdir, rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import type { BenchContext, Measurement } from './bench-context.js'
import { startBroker } from './broker.js'
import { killAll } from './child.js'
import { foldersOf, type Folders } from './folders.js'
import { describeMachine } from './machine.js'
import { startMeter } from './meter.js'
import { peers } from './peers.js'
import { preparePeers } from './prepare-peers.js'
import { formatMeasurement } from './report.js'
import { scenarios } from './scenarios.js'
import { parseBenchSettings, type BenchSettings } from './settings.js'
import { writeResults } from './results.js'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Scenarios that use the general peers; scenarios of other pipelines have their own. */
const withPeers: ReadonlySet<string> = new Set(['backlog', 'live'])

const runAll = async (settings: BenchSettings, folders: Folders): Promise<void> => {
  for (const folder of [folders.logs, folders.written]) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
  }
  const needsPeers = settings.scenarios.some((name) => withPeers.has(name))
  const ready = needsPeers ? await preparePeers({ settings, folders, say }, peers) : []
  const broker = await startBroker(folders, say)
  const meter = await startMeter(folders, broker.bootstrap)
  const measuredAt = new Date().toISOString()
  const machine = await describeMachine()
  const measurements: Measurement[] = []
  const loads: number[] = []
  const record = (measurement: Measurement): void => {
    measurements.push(measurement)
    loads.push(loadavg()[0] ?? 0)
    say(formatMeasurement(measurement))
    if (measurement.verdict !== 'right') process.exitCode = 1
  }
  const context: BenchContext = { settings, folders, broker, meter, peers: ready, say, record }
  try {
    for (const [name, scenario] of Object.entries(scenarios)) {
      if (!settings.scenarios.includes(name)) continue
      say(`--- ${name}`)
      await scenario(context).catch((error: unknown) => {
        say(`${name} failed: ${String(error)}`)
        process.exitCode = 1
      })
      const load = [Math.min(...loads), Math.max(...loads)] as const
      await writeResults(folders, { measuredAt, machine, load, settings, measurements }, say)
    }
  } finally {
    await meter.stop()
    await broker.stop()
  }
}

const parsed = parseBenchSettings(process.env)
if (!parsed.ok) {
  process.stderr.write(`${parsed.faults.join('\n')}\n`)
  process.exitCode = 2
} else {
  process.once('exit', killAll)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  await runAll(parsed.settings, foldersOf(resolve(import.meta.dirname, '..', '..')))
  process.exit()
}
