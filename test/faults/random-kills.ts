import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, randomInteger } from '../support/random.js'
import type { SupervisedService } from '../support/supervisor.js'
import { seed } from './seed.js'

export type RandomKills = {
  readonly service: SupervisedService
  /** The pause before each kill in ms, both bounds included. */
  readonly pauseMs: readonly [number, number]
  readonly durationMs: number
  /** Gives each service of a test a different sequence of pauses. */
  readonly stream: number
  readonly onKilled?: (atMs: number) => void
}

/** Kills a service with -9 repeatedly, at random times derived from the seed of this run; returns how often. */
export const killAtRandom = async (options: RandomKills): Promise<number> => {
  const { service, pauseMs, durationMs, stream, onKilled } = options
  const random = createRandom(seed + stream)
  const endMs = performance.now() + durationMs
  for (let count = 0; ; count++) {
    await sleep(randomInteger(random, ...pauseMs))
    if (performance.now() > endMs) return count
    await service.kill9()
    onKilled?.(Date.now())
  }
}
