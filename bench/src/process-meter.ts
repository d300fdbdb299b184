import { readdirSync, readFileSync } from 'node:fs'

/** What a process tree has used so far. */
export type Usage = { readonly cpuSeconds: number; readonly residentMib: number }

export type ProcessMeter = {
  /** The usage of all trees now, and the peak of resident memory over all samples. */
  readonly sample: () => Usage
  readonly peakResidentMib: () => number
  /** Resets the memory peak. */
  readonly stop: () => void
}

// USER_HZ, which is 100 on every Linux that Node runs on (proc(5), time(7)).
const ticksPerSecond = 100

type Stat = { readonly parent: number; readonly ticks: number }

/** The parent, and user and system time including that of ended children, from proc(5)'s stat. */
export const parseStat = (text: string): Stat | undefined => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent, ...times] = [fields[1], fields[11], fields[12], fields[13], fields[14]].map(Number)
  if (parent === undefined || times.length < 4 || times.some((time) => Number.isNaN(time))) return undefined
  return { parent, ticks: times.reduce((sum, time) => sum + time, 0) }
}

/** The resident memory in KiB, from a process's status. */
export const parseResidentKib = (status: string): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const readTree = (roots: readonly number[]): readonly number[] => {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (Number.isNaN(pid)) continue
    const stat = parseStat(readText(`/proc/${pid}/stat`))
    if (stat) parents.set(pid, stat.parent)
  }
  const tree = new Set(roots)
  for (let size = -1; size !== tree.size;) {
    size = tree.size
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid)
  }
  return [...tree]
}

/** Meters the trees below these processes, with a sample every `everyMs`; looks for new children once a second. */
export const startProcessMeter = (roots: readonly number[], everyMs = 50): ProcessMeter => {
  let pids = readTree(roots)
  let peakMib = 0
  const sample = (): Usage => {
    const stats = pids.map((pid) => parseStat(readText(`/proc/${pid}/stat`))?.ticks ?? 0)
    const resident = pids.map((pid) => parseResidentKib(readText(`/proc/${pid}/status`)))
    const residentMib = resident.reduce((sum, kib) => sum + kib, 0) / 1024
    peakMib = Math.max(peakMib, residentMib)
    return { cpuSeconds: stats.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond, residentMib }
  }
  const timers = [
    setInterval(sample, everyMs),
    setInterval(() => {
      pids = readTree(roots)
    }, 1_000),
  ]
  return {
    sample,
    peakResidentMib: () => peakMib,
    stop: () => timers.forEach((timer) => clearInterval(timer)),
  }
}
