import type { ConnectedContext } from '../context.js'
import type { AdminSettings } from '../settings.js'
import type { Check } from './check.js'
import { findKafkaRelease } from './kafka-release.js'

/** Which broker answers, and which user it sees. */
export const checkBroker = async ({ admin, settings }: ConnectedContext): Promise<readonly Check[]> => {
  const { brokers, clusterId } = await admin.describeCluster()
  const where = brokers.map(({ host, port }) => `${host}:${port}`).join(', ')
  const release = findKafkaRelease(await admin.readApiVersions())
  return [
    {
      name: 'broker',
      status: release === undefined ? 'warn' : 'ok',
      message: `Kafka ${release ?? 'of a release before 2.3'} answers at ${where}, cluster ${clusterId}`,
      advice: 'the suite is tested with Kafka 3.9 and 4.1',
    },
    { name: 'authentication', status: 'ok', message: describeAuthentication(settings) },
  ]
}

const describeAuthentication = (settings: AdminSettings): string => {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSsl } = settings
  const transport = kafkaSsl ? 'over TLS' : 'without TLS'
  return mechanism === 'none' ? `none asked for, ${transport}` : `${username} by ${mechanism}, ${transport}`
}
