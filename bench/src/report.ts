import type { Measurement } from './bench-context.js'

/** 133000.4 → 133,000; 8.24 → 8.2; about three significant digits. */
export const formatNumber = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value.toLocaleString(
        'en-US',
        value < 10_000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0, maximumSignificantDigits: 3 },
      )

/** A line for the terminal. */
export const formatMeasurement = ({ scenario, candidate, round, size, figures, verdict }: Measurement): string => {
  const texts = Object.entries(figures).map(([name, value]) => `${name} ${formatNumber(value)}`)
  return `${scenario} ${size} ${candidate} round ${round}: ${texts.join(', ')} (${verdict})`
}
