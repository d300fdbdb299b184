import { messageOf } from '@kafka-etl/common'
import { explainKafkaError } from '@kafka-etl/kafka'
import { withConnection } from '../connect.js'
import type { AdminContext, ConnectedContext } from '../context.js'
import type { Report } from '../report.js'
import { checkBroker } from './check-broker.js'
import { checkGroup } from './check-group.js'
import { checkPermissions } from './check-permissions.js'
import { checkPositions } from './check-positions.js'
import { checkTopics } from './check-topics.js'
import { checkTransactions } from './check-transactions.js'
import { checkStatuses, type Check } from './check.js'

type Inspection = { readonly name: string; readonly inspect: (context: ConnectedContext) => Promise<readonly Check[]> }

const inspections: readonly Inspection[] = [
  { name: 'broker', inspect: checkBroker },
  { name: 'topics', inspect: checkTopics },
  { name: 'permissions', inspect: checkPermissions },
  { name: 'group', inspect: checkGroup },
  { name: 'positions', inspect: checkPositions },
  { name: 'transactions', inspect: checkTransactions },
]

/** `doctor`: checks everything that the services need, changes nothing, and says what to do. */
export const reportHealth = async (context: AdminContext): Promise<Report> => {
  const checks = await examine(context)
  const failures = checks.filter(({ status }) => status === 'fail').length
  const warnings = checks.filter(({ status }) => status === 'warn').length
  const verdict = failures + warnings === 0 ? 'All is well.' : `${failures} failed, ${warnings} to check.`
  return {
    text: [...checks.flatMap(formatCheck), verdict].join('\n'),
    json: { ok: failures === 0, checks },
    exitCode: failures === 0 ? 0 : 1,
  }
}

const examine = async (context: AdminContext): Promise<readonly Check[]> => {
  try {
    return await withConnection(context, async (connected) => {
      const checks = await Promise.all(inspections.map((inspection) => inspectSafely(inspection, connected)))
      return mergeSame(checks.flat()).map(withoutIdleAdvice)
    })
  } catch (error) {
    return [
      {
        name: 'broker',
        status: 'fail',
        message: messageOf(error),
        advice: 'start the stack (make up), or correct KAFKA_BROKERS and the TLS and SASL settings',
      },
    ]
  }
}

const inspectSafely = async ({ name, inspect }: Inspection, context: ConnectedContext): Promise<readonly Check[]> => {
  try {
    return await inspect(context)
  } catch (error) {
    const message = messageOf(explainKafkaError(error))
    return [{ name, status: 'fail', message, advice: 'run it again with --verbose to see what Kafka says' }]
  }
}

/** Reports a problem only once if it prevents several checks. */
const mergeSame = (checks: readonly Check[]): readonly Check[] => {
  const byMessage = Map.groupBy(checks, ({ status, message }) => `${status} ${message}`)
  return [...byMessage.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ ...first, name: same.map(({ name }) => name).join(', ') }]
  })
}

/** Removes advice from checks without a problem. */
const withoutIdleAdvice = ({ advice, ...check }: Check): Check =>
  check.status === 'ok' || advice === undefined ? check : { ...check, advice }

const widest = Math.max(...checkStatuses.map((status) => status.length))

const formatCheck = ({ name, status, message, advice }: Check): readonly string[] => [
  `${status.padEnd(widest)}  ${name}: ${message}`,
  ...(advice === undefined ? [] : [`${' '.repeat(widest)}  → ${advice}`]),
]
