import type { AccessEntry, Operation, ResourceKind } from '@kafka-etl/kafka'

export type Resource = { readonly kind: ResourceKind; readonly name: string }

/**
 * Whether ACLs allow `principal` (`User:etl`) an operation, from any host. A denial overrides everything. Read, Write,
 * Delete and Alter imply Describe (org.apache.kafka.common.acl.AclOperation).
 */
export const isAllowed = (
  entries: readonly AccessEntry[],
  principal: string,
  resource: Resource,
  operation: Operation,
): boolean => {
  const own = entries.filter(
    (entry) => covers(entry, resource) && (entry.principal === principal || entry.principal === 'User:*'),
  )
  const isDenied = own.some((entry) => entry.permission === 'deny' && grants(entry, [operation]))
  const implying = operation === 'Describe' ? describing : [operation]
  return !isDenied && own.some((entry) => entry.permission === 'allow' && grants(entry, implying))
}

const describing: readonly Operation[] = ['Describe', 'Read', 'Write', 'Delete', 'Alter']

const grants = ({ operation }: AccessEntry, wanted: readonly Operation[]): boolean =>
  operation === 'All' || wanted.includes(operation)

const covers = (entry: AccessEntry, { kind, name }: Resource): boolean => {
  if (entry.resource !== kind) return false
  return entry.pattern === 'prefixed' ? name.startsWith(entry.name) : entry.name === name || entry.name === '*'
}
