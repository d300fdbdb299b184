/**
 * The topics that a step may write, found in its text: `to.<alias>`. A step that hands `to` on, or looks a topic up by a
 * computed name, may write any topic that has no step of its own.
 *
 * Only plans and drawings rely on it. What a step writes is decided when it runs.
 */
export const findOutputsOfStep = (
  step: (...parameters: never[]) => unknown,
  aliases: readonly string[],
): readonly string[] => {
  const text = step.toString()
  const named = new Set([...text.matchAll(/\bto\s*\??\.\s*([A-Za-z_$][\w$]*)/g)].map(([, alias]) => alias))
  const found = aliases.filter((alias) => named.has(alias))
  return handsToOn.test(text) ? aliases : found
}

/** `to` as an argument, in an object, or with brackets, beyond the parameter list's `{ to }`. */
const handsToOn = /\bto\s*\[|[(,]\s*to\s*[,)]|=>\s*to\b(?!\s*\??\.)|[^{,\s]\s*\{\s*to\s*\}/
