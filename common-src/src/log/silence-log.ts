import type { Logger } from './logger.js'

/** Kafka normally answers within milliseconds. After this long, the connection is lost. */
export const longestSilenceMs = 10_000

/** Logs once that Kafka does not answer, and once that it answers again, no matter how often it is called. */
export const createSilenceLog = (logger: Logger): ((silentMs: number) => void) => {
  let isSilent = false
  return (silentMs) => {
    if (silentMs > longestSilenceMs === isSilent) return
    isSilent = !isSilent
    if (isSilent) logger.warn({ silentMs }, `no answer from Kafka for ${Math.round(silentMs / 1000)} s, still waiting`)
    else logger.info('Kafka answers again')
  }
}
