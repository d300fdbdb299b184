import type { AnyDefinition } from './definition.js'
import { formatReasons } from './formats/format.js'

/** The reasons for which the ETL itself may reject a record. */
export const loopReasons = ['record_too_large', 'step_failed'] as const

/** All reasons of a pipeline's dead letters: the closed list of values of their `__etl.errors.reason` header. */
export const listReasons = ({ topics, steps, reasons = [] }: AnyDefinition): readonly string[] => {
  const formats = Object.entries(topics).filter(([alias]) => steps[alias] !== undefined)
  const ofFormats = formats.flatMap(([, { value }]) => value.reasons ?? formatReasons)
  return [...new Set([...ofFormats, ...reasons, ...loopReasons])]
}
