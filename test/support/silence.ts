import { setTimeout as sleep } from 'node:timers/promises'
import { answersAsBroker } from './answers.js'
import { waitFor, within } from './wait-for.js'

const silentMs = 2_000

const isSilent = (bootstrap: string): Promise<boolean> =>
  within(answersAsBroker(bootstrap), { what: 'an answer', deadlineMs: silentMs }).then(
    () => false,
    () => true,
  )

/** Waits until nothing responds at this address, and then for as long as the fault lasts. */
export const outlastSilence = async (bootstrap: string, seconds: number): Promise<void> => {
  await waitFor(() => isSilent(bootstrap), { what: `${bootstrap} to fall silent` })
  await sleep(seconds * 1_000)
}

/** Waits until a response from this address takes at least `slowMs`, and then for as long as the fault lasts. */
export const outlastSlowness = async (bootstrap: string, slowMs: number, seconds: number): Promise<void> => {
  const isSlow = async (): Promise<boolean> => {
    const startedMs = performance.now()
    await answersAsBroker(bootstrap)
    return performance.now() - startedMs >= slowMs
  }
  await waitFor(isSlow, { what: `${bootstrap} to take ${slowMs} ms` })
  await sleep(seconds * 1_000)
}
