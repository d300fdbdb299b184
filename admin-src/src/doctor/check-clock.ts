import { readerGroupPrefix, type ConnectedContext } from '../context.js'
import type { Check } from './check.js'
import { measureClockOffset, type ClockOffset } from './measure-clock-offset.js'

const toleratedMs = 1_000

const measureSafely = async (context: ConnectedContext): Promise<ClockOffset | undefined> => {
  try {
    return await measureClockOffset(context.kafka, context.admin, readerGroupPrefix(context))
  } catch (error) {
    context.logger.warn({ error: String(error) }, 'could not compare the clocks')
    return undefined
  }
}

/** Whether this machine's clock and the broker's agree. */
export const checkClock = async (context: ConnectedContext): Promise<readonly Check[]> => {
  const offset = await measureSafely(context)
  if (offset === undefined) {
    return [
      {
        name: 'clock',
        status: 'warn',
        message:
          'could not be compared: the broker’s time stands in __consumer_offsets only, which this user cannot read',
        advice: 'compare by hand: run date on both machines',
      },
    ]
  }
  const { aheadMs, uncertaintyMs } = offset
  const figure = `${Math.abs(Math.round(aheadMs))} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's, give or take ${Math.ceil(uncertaintyMs)} ms`
  return [
    {
      name: 'clock',
      status: Math.abs(aheadMs) > toleratedMs + uncertaintyMs ? 'warn' : 'ok',
      message: `the broker's is ${figure}`,
      advice: 'set both clocks by NTP: lag in seconds and the time of results are off by as much',
    },
  ]
}
