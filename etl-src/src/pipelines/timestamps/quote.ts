const maximumLength = 40

/**
 * A piece of input as a message may show it: cut after 40 characters, everything but printable ASCII escaped, so that
 * no payload can forge a line of a log or turn a terminal's text around.
 */
export const quote = (text: string): string => {
  const shown = text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text
  return `"${shown.replace(/["\\]|[^ -~…]/g, escape)}"`
}

const escape = (character: string): string => {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
