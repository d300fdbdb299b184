import kafkajs, { type DescribeAclResource } from 'kafkajs'
import type { ConnectedContext } from '../context.js'
import { inputTopics } from '../log-range.js'
import type { AdminSettings } from '../settings.js'
import { isAllowed } from './access.js'
import type { Check } from './check.js'

const { AclOperationTypes: operations, AclResourceTypes: resourceTypes } = kafkajs

/** What this user may do, as far as the broker tells without trying: its ACLs, where this user may see them. */
export const checkPermissions = async ({ admin, settings }: ConnectedContext): Promise<readonly Check[]> => {
  try {
    const { resources } = await admin.describeAcls({
      resourceType: resourceTypes.ANY,
      resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
      operation: operations.ANY,
      permissionType: kafkajs.AclPermissionTypes.ANY,
    })
    return [judge(settings, resources)]
  } catch (error) {
    return [explain(error)]
  }
}

const explain = (error: unknown): Check => {
  const type = error instanceof Error && 'type' in error ? error.type : undefined
  if (type === 'SECURITY_DISABLED') {
    return { name: 'permissions', status: 'ok', message: 'the broker has no ACLs: everybody may do everything' }
  }
  if (type !== 'CLUSTER_AUTHORIZATION_FAILED') throw error
  return {
    name: 'permissions',
    status: 'ok',
    message:
      'this user may not see the ACLs (Describe on the cluster); whether it may write cannot be told without writing',
  }
}

const judge = (settings: AdminSettings, resources: readonly DescribeAclResource[]): Check => {
  const principal = `User:${settings.kafkaSaslMechanism === 'none' ? 'ANONYMOUS' : settings.kafkaSaslUsername}`
  const lacking = listNeeds(settings).filter(
    ({ type, name, operation }) => !isAllowed(resources, principal, { type, name }, operation),
  )
  if (lacking.length === 0) {
    return { name: 'permissions', status: 'ok', message: `the ACLs give ${principal} all that the ETL needs` }
  }
  return {
    name: 'permissions',
    status: 'warn',
    message: `the ACLs give ${principal} no ${lacking.map(({ label }) => label).join(', no ')}`,
    advice: 'the ETL needs these (kafka-acls.sh --add); the other services, and super users, do not',
  }
}

/** What an ETL with these settings needs. */
const listNeeds = (settings: AdminSettings) => [
  ...inputTopics(settings).map((name) => topicNeed(name, 'Read')),
  topicNeed(settings.outputTopic, 'Write'),
  topicNeed(settings.deadLetterTopic, 'Write'),
  {
    type: resourceTypes.GROUP,
    name: settings.groupId,
    operation: operations.READ,
    label: `Read on the group ${settings.groupId}`,
  },
  {
    type: resourceTypes.TRANSACTIONAL_ID,
    name: `${settings.groupId}-`,
    operation: operations.WRITE,
    label: `Write on transactional ids called ${settings.groupId}-…`,
  },
]

const topicNeed = (name: string, access: 'Read' | 'Write') => ({
  type: resourceTypes.TOPIC,
  name,
  operation: access === 'Read' ? operations.READ : operations.WRITE,
  label: `${access} on ${name}`,
})
