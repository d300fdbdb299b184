type AnyFunction = (...parameters: never[]) => unknown

/** What the text of a step says of its outputs. */
export type StepOutputs = {
  /** The topics that it names: `to.<alias>`, or `{ <alias> }` taken out of `to`. */
  readonly named: ReadonlySet<string>
  /** Whether it hands `to` on, or looks a topic up by a computed name: it may write others, too. */
  readonly mayWriteOthers: boolean
}

/**
 * Reads the text of a step. Only plans, drawings and the audit rely on it: what a step writes is decided when it runs.
 */
export const findStepOutputs = (step: AnyFunction): StepOutputs => {
  const text = withoutTexts(step.toString())
  const named = new Set(
    [...text.matchAll(member)].map(([, alias = '']) => alias).concat([...text.matchAll(takenOut)].flatMap(namesIn)),
  )
  const rest = text.replace(takenOut, '').replace(member, '').replace(binding, '')
  return { named, mayWriteOthers: usesTo.test(rest) || (!usesTo.test(text) && takesTools(step, text)) }
}

/** Texts and comments hold words. What a template fills in is kept. */
const withoutTexts = (text: string): string =>
  text
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '')
    .replace(/`(?:[^`\\]|\\.)*`/g, (template) => (template.match(/\$\{[^}]*\}/g) ?? []).join(' '))
    .replace(/\/\*[^]*?\*\/|\/\/.*/g, '')

/** `to.paid`, `to?.paid`, `to["paid"]` is computed. A bundler may have called it `to2`. */
const member = /\bto\d*\s*(?:\?\.|\.)\s*([A-Za-z_$][\w$]*)/g

/** `{ to: { paid, large: other } }` or `{ paid } = to`. */
const takenOut = /\bto\s*:\s*\{([^{}]*)\}|\{([^{}]*)\}\s*=\s*(?:[\w$]+\s*\.\s*)?to\d*\b(?!\s*[.[(])/g

/** `{ to }` in a parameter list or in an assignment, other names beside it. */
const binding = /\{[^{}]*\bto\b[^{}]*\}\s*(?:\)\s*(?:=>|\{)|=(?![=>]))/g

const usesTo = /\bto\d*\b/

const namesIn = (match: RegExpMatchArray): readonly string[] =>
  (match[1] ?? match[2] ?? '').split(',').flatMap((part) => /^\s*([A-Za-z_$][\w$]*)/.exec(part)?.[1] ?? [])

/** A step that hands all that it gets to another function. */
const takesTools = (step: AnyFunction, text: string): boolean =>
  step.length > 1 || /^\s*(?:async\s+)?(?:function\b[^(]*)?\(\s*\.\.\.|\barguments\b|\[native code\]/.test(text)
