import kafkajs, { type Acl, type AclOperationTypes, type AclResourceTypes, type DescribeAclResource } from 'kafkajs'

const { AclOperationTypes: operations, AclPermissionTypes: permissions, ResourcePatternTypes: patterns } = kafkajs

export type Resource = { readonly type: AclResourceTypes; readonly name: string }

/**
 * Whether ACLs let `principal` (`User:etl`) do something, from any host: a denial wins over everything, and Read,
 * Write, Delete and Alter imply Describe (org.apache.kafka.common.acl.AclOperation).
 */
export const isAllowed = (
  resources: readonly DescribeAclResource[],
  principal: string,
  resource: Resource,
  operation: AclOperationTypes,
): boolean => {
  const acls = resources.filter((candidate) => covers(candidate, resource)).flatMap(({ acls: own }) => own)
  const own = acls.filter((acl) => acl.principal === principal || acl.principal === 'User:*')
  const isDenied = own.some((acl) => acl.permissionType === permissions.DENY && grants(acl, [operation]))
  const implying = operation === operations.DESCRIBE ? describing : [operation]
  return !isDenied && own.some((acl) => acl.permissionType === permissions.ALLOW && grants(acl, implying))
}

const describing = [operations.DESCRIBE, operations.READ, operations.WRITE, operations.DELETE, operations.ALTER]

const grants = ({ operation }: Acl, wanted: readonly AclOperationTypes[]): boolean =>
  operation === operations.ALL || wanted.includes(operation)

const covers = (candidate: DescribeAclResource, { type, name }: Resource): boolean => {
  if (candidate.resourceType !== type) return false
  const { resourceName, resourcePatternType: pattern } = candidate
  return pattern === patterns.PREFIXED ? name.startsWith(resourceName) : resourceName === name || resourceName === '*'
}
