import kafkajs, { type AclEntry, type AclOperationTypes, type AclResourceTypes, type Admin } from 'kafkajs'
import type { AccessOperation, AccessRule } from './access-rules.js'

/** Makes the rules' ACLs on the broker. What is there already stays as it is, and nothing is taken away. */
export const grantAccess = async (admin: Admin, rules: readonly AccessRule[]): Promise<void> => {
  await admin.createAcls({ acl: rules.flatMap(toAclEntries) })
}

// Node finds no named exports of KafkaJS's enumerations, since KafkaJS is a CommonJS package.
const toAclEntries = ({ user, resource, name, pattern, operations }: AccessRule): AclEntry[] =>
  operations.map((operation) => ({
    principal: `User:${user}`,
    host: '*',
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
    resourceType: resourceTypeOf(resource),
    resourceName: name,
    resourcePatternType:
      pattern === 'literal' ? kafkajs.ResourcePatternTypes.LITERAL : kafkajs.ResourcePatternTypes.PREFIXED,
    operation: operationOf(operation),
  }))

const resourceTypeOf = (resource: AccessRule['resource']): AclResourceTypes => {
  const { AclResourceTypes: types } = kafkajs
  switch (resource) {
    case 'topic':
      return types.TOPIC
    case 'group':
      return types.GROUP
    case 'transactionalId':
      return types.TRANSACTIONAL_ID
  }
}

const operationOf = (operation: AccessOperation): AclOperationTypes => {
  const { AclOperationTypes: types } = kafkajs
  switch (operation) {
    case 'Read':
      return types.READ
    case 'Write':
      return types.WRITE
    case 'Delete':
      return types.DELETE
    case 'Describe':
      return types.DESCRIBE
    case 'DescribeConfigs':
      return types.DESCRIBE_CONFIGS
  }
}
