import type { KafkaAdmin } from '../admin/kafka-admin.js'
import type { AccessRule } from './access-rules.js'

/** Creates the ACLs of the rules on the broker. Keeps existing ACLs and removes none. */
export const grantAccess = (admin: KafkaAdmin, rules: readonly AccessRule[]): Promise<void> =>
  admin.createAccess(
    rules.flatMap(({ user, resource, name, pattern, operations }) =>
      operations.map((operation) => ({
        principal: `User:${user}`,
        host: '*',
        permission: 'allow',
        resource,
        name,
        pattern,
        operation,
      })),
    ),
  )
