import { connect } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'

/** Whether anything accepts connections on this port of 127.0.0.1. */
export const answersOnPort = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Whether a broker with a controller responds there; throws KafkaJS's error if nothing does. */
export const answersAsBroker = async (bootstrap: string): Promise<boolean> => {
  const kafka = new Kafka({
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers, controller } = await admin.describeCluster()
    return brokers.length > 0 && controller !== null
  } finally {
    await admin.disconnect()
  }
}
