import { listAccessRules, serviceUsers, type AccessEntry, type AccessRule, type ServiceUser } from '@kafka-etl/kafka'
import { listAccessNames } from '@kafka-etl/pipeline'
import type { ConnectedContext } from '../context.js'
import { isAllowed } from './access.js'
import type { Check } from './check.js'

/**
 * What the services may do, as far as the broker shows it without a try: the ACLs, if this user may see them. If this
 * is the user of a service, checks that service; for any other user, such as the operator, checks all services.
 */
export const checkPermissions = async (context: ConnectedContext): Promise<readonly Check[]> => {
  try {
    return [judge(context, await context.admin.describeAccess())]
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
      'this user may not see the ACLs (Describe on the cluster); whether it may write cannot be found out without writing',
  }
}

const judge = ({ settings, pipeline }: ConnectedContext, granted: readonly AccessEntry[]): Check => {
  const own = serviceUsers.filter((user) => user === settings.kafkaSaslUsername)
  const users: readonly ServiceUser[] = own.length > 0 ? own : serviceUsers
  const lacking = listAccessRules(listAccessNames(pipeline.definition, pipeline.names))
    .filter(({ user }) => users.includes(user))
    .flatMap((rule) => listLacking(rule, granted))
  if (lacking.length === 0) {
    return { name: 'permissions', status: 'ok', message: `the ACLs give ${users.join(', ')} what they need` }
  }
  return {
    name: 'permissions',
    status: 'warn',
    message: `the ACLs do not give ${lacking.join('; ')}`,
    advice: 'grant it (kafka-acls.sh --add); a super user needs none, and services of other users need the same',
  }
}

const listLacking = ({ user, resource, name, operations: needed }: AccessRule, granted: readonly AccessEntry[]) =>
  needed
    .filter((operation) => !isAllowed(granted, `User:${user}`, { kind: resource, name }, operation))
    .map((operation) => `${user} ${operation} on ${resource} ${name}`)
