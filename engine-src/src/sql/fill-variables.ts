import { presentText, type Environment } from '@kafka-etl/common'

export type Filled = { readonly text: string; readonly missing: readonly string[] }

/** Replaces `${NAME}` and `${NAME:-default}` by variables of the environment. An empty one counts as not set. */
export const fillVariables = (text: string, environment: Environment): Filled => {
  const missing: string[] = []
  const filled = text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    const value = presentText(environment[name]) ?? fallback
    if (value === undefined) missing.push(name)
    return value ?? ''
  })
  return { text: filled, missing }
}
