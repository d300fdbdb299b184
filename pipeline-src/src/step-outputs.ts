type AnyFunction = (...parameters: never[]) => unknown

/** What the source text of a step shows about its outputs. */
export type StepOutputs = {
  /** The topics that it names: `to.<alias>`, or `{ <alias> }` destructured from `to`. */
  readonly named: ReadonlySet<string>
  /** Whether the step passes `to` on, or looks up a topic by a computed name: it may write others, too. */
  readonly mayWriteOthers: boolean
}

/**
 * Reads the source text of a step. Only plans, drawings and the audit rely on it: what a step writes is decided when it
 * runs.
 */
export const findStepOutputs = (step: AnyFunction): StepOutputs => {
  const text = withoutTexts(step.toString())
  const named = new Set(
    [...text.matchAll(member)].map(([, alias = '']) => alias).concat([...text.matchAll(takenOut)].flatMap(namesIn)),
  )
  const rest = text.replace(takenOut, '').replace(member, '').replace(binding, '')
  return { named, mayWriteOthers: usesTo.test(rest) || (!usesTo.test(text) && takesTools(step, text)) }
}

/** Removes strings and comments, which may contain any words. Keeps the expressions in templates. */
const withoutTexts = (text: string): string =>
  text
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '')
    .replace(/`(?:[^`\\]|\\.)*`/g, (template) => (template.match(/\$\{[^}]*\}/g) ?? []).join(' '))
    .replace(/\/\*[^]*?\*\/|\/\/.*/g, '')

/** `to.paid` or `to?.paid`; `to["paid"]` counts as computed. A bundler may have renamed it to `to2`. */
const member = /\bto\d*\s*(?:\?\.|\.)\s*([A-Za-z_$][\w$]*)/g

/** `{ to: { paid, large: other } }` or `{ paid } = to`. */
const takenOut = /\bto\s*:\s*\{([^{}]*)\}|\{([^{}]*)\}\s*=\s*(?:[\w$]+\s*\.\s*)?to\d*\b(?!\s*[.[(])/g

/** `{ to }` in a parameter list or in an assignment, possibly with other names. */
const binding = /\{[^{}]*\bto\b[^{}]*\}\s*(?:\)\s*(?:=>|\{)|=(?![=>]))/g

const usesTo = /\bto\d*\b/

const namesIn = (match: RegExpMatchArray): readonly string[] =>
  (match[1] ?? match[2] ?? '').split(',').flatMap((part) => /^\s*([A-Za-z_$][\w$]*)/.exec(part)?.[1] ?? [])

/** Whether a step passes all its arguments to another function. */
const takesTools = (step: AnyFunction, text: string): boolean =>
  step.length > 1 || /^\s*(?:async\s+)?(?:function\b[^(]*)?\(\s*\.\.\.|\barguments\b|\[native code\]/.test(text)
