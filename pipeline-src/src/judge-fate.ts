import { messageOf } from '@kafka-etl/common'
import type { AnyDefinition } from './definition.js'
import type { Dropped, Output, Rejected } from './fate.js'
import { failed } from './step-outcome.js'

/** What a step decided. */
export type Judged = { readonly kind: 'outputs'; readonly outputs: readonly Output[] } | Dropped | Rejected

/** Calls a step; whatever it does, a fate comes of it. */
export const createJudge =
  (definition: AnyDefinition): ((call: () => unknown) => Judged) =>
  (call) => {
    try {
      const fate = call()
      if (isRejected(fate, definition) || isDropped(fate)) return fate
      const outputs: readonly unknown[] = Array.isArray(fate) ? fate : [fate]
      if (outputs.every(isOutput)) return { kind: 'outputs', outputs }
      return failed(`expected outputs, drop or reject, got ${describe(fate)}`)
    } catch (error) {
      return failed(messageOf(error))
    }
  }

const kindOf = (fate: unknown): unknown =>
  typeof fate === 'object' && fate !== null && 'kind' in fate ? fate.kind : undefined

const isOutput = (fate: unknown): fate is Output => kindOf(fate) === 'output'

const isDropped = (fate: unknown): fate is Dropped => kindOf(fate) === 'dropped'

const isRejected = (fate: unknown, { reasons }: AnyDefinition): fate is Rejected => {
  if (kindOf(fate) !== 'rejected') return false
  const { reason } = fate as Rejected
  if (reasons?.includes(reason) === true) return true
  throw new Error(`expected one of the reasons (${reasons?.join(', ') ?? 'none are declared'}), got ${reason}`)
}

const describe = (fate: unknown): string =>
  Array.isArray(fate) ? 'a list with something else' : fate === null ? 'null' : typeof fate
