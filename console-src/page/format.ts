/** Formats whole numbers for people. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** `12,345`; from a million on `1.23 M`. */
export const formatCount = (count: number): string =>
  count < 1_000_000 ? whole.format(count) : `${(count / 1_000_000).toFixed(2)} M`

/** `0`, `0.4/s`, `1,200/s`. */
export const formatRate = (perSecond: number): string =>
  perSecond < 0.05 ? '0/s' : `${perSecond < 10 ? fine.format(perSecond) : whole.format(perSecond)}/s`

export const formatBytes = (bytes: number): string => {
  if (bytes < 1_024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes / 1_024
  let unit = 0
  for (; value >= 1_024 && unit < units.length - 1; unit++) value /= 1_024
  return `${value.toFixed(1)} ${units[unit] ?? ''}`
}

/** `250 ms`, `1.2 s`, `3 min`, `2.5 h`, `12 d`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1_000) return `${whole.format(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 60) return `${fine.format(seconds)} s`
  if (seconds < 3_600) return `${fine.format(seconds / 60)} min`
  return seconds < 172_800 ? `${fine.format(seconds / 3_600)} h` : `${whole.format(seconds / 86_400)} d`
}

/** Local time with milliseconds; `-` for a record without a timestamp. */
export const formatTime = (epochMs: number): string => {
  const date = new Date(epochMs)
  if (epochMs < 0 || Number.isNaN(date.getTime())) return '-'
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0')
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}

/** Shortens a text to at most this many characters. It keeps the end, where similar names differ. */
export const shorten = (text: string, length: number): string => {
  if (text.length <= length) return text
  const head = Math.ceil((length - 1) / 2)
  return `${text.slice(0, head)}…${text.slice(head + 1 - length)}`
}

export const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
