import kafkajs, { type AclOperationTypes, type AclPermissionTypes, type AclResourceTypes, type Admin } from 'kafkajs'

const { AclOperationTypes: operations, AclPermissionTypes: permissions } = kafkajs
const { AclResourceTypes: resources, ResourcePatternTypes: patterns } = kafkajs

/**
 * An ACL: allows or denies a principal something with one resource, or with all resources whose names start with a
 * prefix.
 */
export type AccessEntry = {
  /** Such as `User:etl`; `User:*` means everybody. */
  readonly principal: string
  /** `*` means any host. */
  readonly host: string
  readonly permission: 'allow' | 'deny'
  readonly resource: ResourceKind
  readonly name: string
  readonly pattern: 'literal' | 'prefixed'
  readonly operation: Operation
}

export type ResourceKind = keyof typeof resourceTypes
export type Operation = keyof typeof operationTypes

// KafkaJS is a CommonJS package, and Node does not find the named exports of its enumerations.
const resourceTypes = {
  topic: resources.TOPIC,
  group: resources.GROUP,
  cluster: resources.CLUSTER,
  transactionalId: resources.TRANSACTIONAL_ID,
  delegationToken: resources.DELEGATION_TOKEN,
} as const

const operationTypes = {
  All: operations.ALL,
  Read: operations.READ,
  Write: operations.WRITE,
  Create: operations.CREATE,
  Delete: operations.DELETE,
  Alter: operations.ALTER,
  Describe: operations.DESCRIBE,
  ClusterAction: operations.CLUSTER_ACTION,
  DescribeConfigs: operations.DESCRIBE_CONFIGS,
  AlterConfigs: operations.ALTER_CONFIGS,
  IdempotentWrite: operations.IDEMPOTENT_WRITE,
} as const

/** All ACLs that this user may see, except those of kinds unknown to this suite. */
export const describeAccess = async (admin: Admin): Promise<readonly AccessEntry[]> => {
  const answer = await admin.describeAcls({
    resourceType: resources.ANY,
    resourcePatternType: patterns.ANY,
    operation: operations.ANY,
    permissionType: permissions.ANY,
  })
  return answer.resources.flatMap(({ resourceType, resourceName: name, resourcePatternType, acls }) => {
    const resource = resourceOf(resourceType)
    if (resource === undefined) return []
    const pattern = resourcePatternType === patterns.PREFIXED ? 'prefixed' : 'literal'
    return acls.flatMap(({ principal, host, permissionType, operation: type }): readonly AccessEntry[] => {
      const operation = operationOf(type)
      const permission = permissionOf(permissionType)
      return operation === undefined ? [] : [{ principal, host, permission, resource, name, pattern, operation }]
    })
  })
}

export const createAccess = async (admin: Admin, entries: readonly AccessEntry[]): Promise<void> => {
  await admin.createAcls({
    acl: entries.map(({ principal, host, permission, resource, name, pattern, operation }) => ({
      principal,
      host,
      permissionType: permission === 'allow' ? permissions.ALLOW : permissions.DENY,
      resourceType: resourceTypes[resource],
      resourceName: name,
      resourcePatternType: pattern === 'literal' ? patterns.LITERAL : patterns.PREFIXED,
      operation: operationTypes[operation],
    })),
  })
}

const permissionOf = (type: AclPermissionTypes): AccessEntry['permission'] =>
  type === permissions.ALLOW ? 'allow' : 'deny'

const keysOf = <Name extends string>(names: Readonly<Record<Name, number>>): readonly Name[] =>
  Object.keys(names) as Name[]

const resourceOf = (type: AclResourceTypes): ResourceKind | undefined =>
  keysOf(resourceTypes).find((name) => resourceTypes[name] === type)

const operationOf = (type: AclOperationTypes): Operation | undefined =>
  keysOf(operationTypes).find((name) => operationTypes[name] === type)
