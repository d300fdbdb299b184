import { isPlain } from './printable-ascii.js'

const maximumLength = 40

/**
 * A piece of input for a message, cut after 40 characters. Everything except printable ASCII is escaped: no payload can
 * forge a log line or reverse the text of a terminal.
 */
export const quote = (text: string): string => {
  const shown = text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text
  return isHarmless(shown) ? `"${shown}"` : `"${shown.replace(harmful, escape)}"`
}

const harmful = /["\\]|[^ -~…]/g

const isHarmless = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (!isPlain(text.charCodeAt(at))) return false
  return true
}

const escape = (character: string): string => {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
