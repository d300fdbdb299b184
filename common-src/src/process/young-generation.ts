import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * The size of V8's young generation, in which every object begins. What the services allocate dies with its batch. V8
 * doubles it up to 16 MiB a half, for the loading of the modules alone; that is never given back. One MiB a half is enough
 * at rest. Under load it takes eight for the buffers of a batch to die young: those that grow old count as a full heap,
 * which V8 then marks over and over again (docs/benchmarks.md).
 */
const growth = 8

/** How many times as large it becomes whenever V8 finds that much of it survives. */
const setGrowth = (factor: number): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`)

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0

/** Keeps the young generation as it is. To be called before the modules of a service are loaded. */
export const keepYoungGenerationSmall = (): void => setGrowth(1)

/**
 * A service at rest collects its garbage now and then, one that starts up to twenty times in a second, and one under
 * load more often.
 */
const busyCollections = 32
const busyMs = 1_000

/** Lets the young generation grow under load, once. To be called when the modules are loaded. */
export const letYoungGenerationGrowOnce = (): void => {
  const smallBytes = youngBytes()
  let recentMs: readonly number[] = []
  const observer = new PerformanceObserver((list) => {
    recentMs = [...recentMs, ...list.getEntries().map(({ startTime }) => startTime)].slice(-busyCollections)
    if (isBusy(recentMs)) setGrowth(growth)
    // Half of it is enough to see that it has grown: V8 now and then holds some pages more than the size it has set.
    if (youngBytes() < (growth / 2) * smallBytes) return
    setGrowth(1)
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}

const isBusy = (recentMs: readonly number[]): boolean =>
  recentMs.length === busyCollections && (recentMs.at(-1) ?? 0) - (recentMs[0] ?? 0) < busyMs
