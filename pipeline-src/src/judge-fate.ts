import { messageOf } from '@kafka-etl/common'
import type { AnyDefinition } from './definition.js'
import type { Dropped, Output, Rejected } from './fate.js'
import { failed } from './step-outcome.js'

/** The decision of a step. */
export type Judged = { readonly kind: 'outputs'; readonly outputs: readonly Output[] } | Dropped | Rejected

/** Calls a step. Whatever the step does, this returns a valid decision. */
export type Judge = <Input, Tools>(step: (input: Input, tools: Tools) => unknown, input: Input, tools: Tools) => Judged

export const createJudge = ({ reasons = [] }: AnyDefinition): Judge => {
  const declared: ReadonlySet<unknown> = new Set(reasons)
  return (step, input, tools) => {
    try {
      const fate = step(input, tools)
      if (isRejected(fate, declared) || isDropped(fate)) return fate
      const outputs: readonly unknown[] = Array.isArray(fate) ? fate : [fate]
      if (outputs.every(isOutput)) return { kind: 'outputs', outputs }
      return failed(`expected outputs, drop or reject, got ${describe(fate)}`)
    } catch (error) {
      return failed(messageOf(error))
    }
  }
}

const kindOf = (fate: unknown): unknown =>
  typeof fate === 'object' && fate !== null && 'kind' in fate ? fate.kind : undefined

const isOutput = (fate: unknown): fate is Output => kindOf(fate) === 'output'

const isDropped = (fate: unknown): fate is Dropped => kindOf(fate) === 'dropped'

const isRejected = (fate: unknown, declared: ReadonlySet<unknown>): fate is Rejected => {
  if (kindOf(fate) !== 'rejected') return false
  const { reason } = fate as Rejected
  if (declared.has(reason)) return true
  const names = declared.size > 0 ? [...declared].join(', ') : 'none are declared'
  throw new Error(`expected one of the reasons (${names}), got ${reason}`)
}

const describe = (fate: unknown): string =>
  Array.isArray(fate) ? 'a list with something else' : fate === null ? 'null' : typeof fate
