import type { AnyDefinition } from './definition.js'
import { formatReasons } from './formats/format.js'

/** What the loop itself may reject a record for. */
export const loopReasons = ['record_too_large', 'step_failed'] as const

/** Every reason for which a pipeline's dead letters may stand: the closed list of its `__etl.errors.reason` header. */
export const listReasons = ({ topics, steps, reasons = [] }: AnyDefinition): readonly string[] => {
  const formats = Object.entries(topics).filter(([alias]) => steps[alias] !== undefined)
  const ofFormats = formats.flatMap(([, { value }]) => value.reasons ?? formatReasons)
  return [...new Set([...ofFormats, ...reasons, ...loopReasons])]
}
