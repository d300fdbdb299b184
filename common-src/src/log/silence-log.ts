import type { Logger } from './logger.js'

/** Kafka answers within milliseconds; after so long nobody is connected. */
export const longestSilenceMs = 10_000

/** Says once that Kafka does not answer, and once that it does again, whoever looks and how often. */
export const createSilenceLog = (logger: Logger): ((silentMs: number) => void) => {
  let isSilent = false
  return (silentMs) => {
    if (silentMs > longestSilenceMs === isSilent) return
    isSilent = !isSilent
    if (isSilent) logger.warn({ silentMs }, `no answer from Kafka for ${Math.round(silentMs / 1000)} s, still waiting`)
    else logger.info('Kafka answers again')
  }
}
