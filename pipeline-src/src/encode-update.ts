import { messageOf } from '@kafka-etl/common'
import type { AnyDefinition } from './definition.js'
import { createMakers } from './encode-outputs.js'
import type { Output, Rejected } from './fate.js'
import { failed, type InputRecord, type MadeRecord, type Making } from './step-outcome.js'
import type { Source, Topology } from './topology.js'

/** Encodes the outputs of an update. Their source is the record that ends it. */
export type EncodeUpdate = (outputs: readonly Output[], record: InputRecord) => Making

export const createEncodeUpdate = (definition: AnyDefinition, topology: Topology, source: Source): EncodeUpdate => {
  const makers = createMakers(definition, topology, source)
  const makeOne = (output: Output, record: InputRecord, index: number): MadeRecord | Rejected => {
    const make = makers.get(output.alias)
    if (!make) return failed(`expected an output of one of the topics, got ${output.alias}`)
    try {
      return make(output, record, index)
    } catch (error) {
      return failed(messageOf(error))
    }
  }
  return (outputs, record) => ({
    kind: 'making',
    makeEach: (take) => {
      const counts = new Map<string, number>()
      for (const output of outputs) {
        const index = counts.get(output.alias) ?? 0
        counts.set(output.alias, index + 1)
        const made = makeOne(output, record, index)
        const rejected = isRejected(made) ? made : take(made)
        if (rejected) return rejected
      }
      return undefined
    },
  })
}

const isRejected = (made: MadeRecord | Rejected): made is Rejected => 'reason' in made
