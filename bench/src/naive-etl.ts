import { Kafka, logLevel } from 'kafkajs'

// The peer's own process: the loop from KafkaJS's documentation, with nothing added.
const { KAFKA_BROKERS = '', GROUP_ID = '', INPUT_TOPICS = '', OUTPUT_TOPIC = '' } = process.env
const kafka = new Kafka({ clientId: 'naive', brokers: [KAFKA_BROKERS], logLevel: logLevel.ERROR })
const producer = kafka.producer()
const consumer = kafka.consumer({ groupId: GROUP_ID })

const convert = (text: string): string => {
  const { date, message } = JSON.parse(text) as { readonly date: string; readonly message: string }
  const epochMs = Date.parse(`${date.slice(0, 10)}T${date.slice(11, 23)}${date.slice(27, 30)}:${date.slice(30)}`)
  const timestamp = Number(`${epochMs}.${date.slice(23, 26)}`)
  return JSON.stringify({ timestamp, message, time: Date.now(), diff: 1 })
}

await producer.connect()
await consumer.connect()
await consumer.subscribe({ topics: INPUT_TOPICS.split(','), fromBeginning: true })
await consumer.run({
  eachMessage: async ({ message }) => {
    if (message.value === null) return
    await producer.send({ topic: OUTPUT_TOPIC, messages: [{ value: convert(message.value.toString()) }] })
  },
})
