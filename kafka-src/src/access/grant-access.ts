import type { KafkaAdmin } from '../admin/kafka-admin.js'
import type { AccessRule } from './access-rules.js'

/** Makes the rules' ACLs on the broker. What is there already stays as it is, and nothing is taken away. */
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
