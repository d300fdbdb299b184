import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * The factor by which V8's young generation may grow. V8 creates every object there, and what the services allocate
 * dies with its batch. By default V8 grows it up to 16 MiB per half just to load the modules, and never shrinks it
 * again. One MiB per half is enough when idle. Under load it takes eight for the buffers of a batch to die young: V8
 * counts buffers that grow old as a full heap and marks the heap again and again (docs/benchmarks.md).
 */
const growth = 8

/** Sets the factor by which V8 enlarges the young generation when much of it survives. */
const setGrowth = (factor: number): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`)

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0

/** Keeps the young generation at its size. Call it before the modules of a service are loaded. */
export const keepYoungGenerationSmall = (): void => setGrowth(1)

/**
 * An idle service rarely collects garbage. A starting one does up to twenty times a second, one under load more often.
 */
const busyCollections = 32
const busyMs = 1_000

/** Lets the young generation grow once, under load. Call it after the modules are loaded. */
export const letYoungGenerationGrowOnce = (): void => {
  const smallBytes = youngBytes()
  let recentMs: readonly number[] = []
  const observer = new PerformanceObserver((list) => {
    recentMs = [...recentMs, ...list.getEntries().map(({ startTime }) => startTime)].slice(-busyCollections)
    if (isBusy(recentMs)) setGrowth(growth)
    // Half of the target proves that it has grown: V8 sometimes holds a few pages more than the size it has set.
    if (youngBytes() < (growth / 2) * smallBytes) return
    setGrowth(1)
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}

const isBusy = (recentMs: readonly number[]): boolean =>
  recentMs.length === busyCollections && (recentMs.at(-1) ?? 0) - (recentMs[0] ?? 0) < busyMs
