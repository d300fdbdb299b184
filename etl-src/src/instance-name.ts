import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/**
 * What tells this process from the other instances of its group. Without ETL_INSTANCE it is random: process ids are
 * alike in containers, and two instances of one name take each other's place in the group.
 */
export const instanceNameOf = (instance: string): string => {
  if (instance === '') return randomUUID()
  return instance === 'hostname' ? hostname() : instance
}
