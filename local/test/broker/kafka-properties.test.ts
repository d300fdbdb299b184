import { describe, expect, it } from '@jest/globals'
import { formatKafkaProperties, type KafkaLayout } from '../../src/broker/kafka-properties.js'
import { planStackKafka } from '../../src/broker/stack-layout.js'

const lines = (text: string): string[] => text.trimEnd().split('\n')

describe("the stack's broker", () => {
  const text = formatKafkaProperties({ ...planStackKafka({ kafka: 29_092, zookeeper: 22_181 }), dataDir: 'kafka' })

  it('listens on 127.0.0.1 only, and never makes a topic by itself', () => {
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        'listeners=MACHINE://127.0.0.1:29092',
        'advertised.listeners=MACHINE://localhost:29092',
        'zookeeper.connect=127.0.0.1:22181',
        'auto.create.topics.enable=false',
        'zookeeper.session.timeout.ms=6000',
        'group.initial.rebalance.delay.ms=0',
        'log.dirs=kafka',
      ]),
    )
  })

  it('leaves retention at the default of Kafka', () => expect(text).not.toContain('retention'))
})

describe.each(['zookeeper', 'kraft'] as const)('formatKafkaProperties with %s', (kind) => {
  const layout: KafkaLayout = {
    id: 0,
    metadata: { kind, port: 1002 },
    dataDir: 'kafka',
    listeners: [
      { name: 'DIRECT', protocol: 'PLAINTEXT', port: 1001 },
      { name: 'ETL', protocol: 'PLAINTEXT', port: 1003, advertised: { port: 1004 } },
    ],
    settings: { 'message.max.bytes': 5 },
  }
  const entries = lines(formatKafkaProperties(layout))

  it('tells clients behind a proxy to come back to the proxy', () => {
    expect(entries).toContain('advertised.listeners=DIRECT://127.0.0.1:1001,ETL://127.0.0.1:1004')
    expect(entries.find((line) => line.startsWith('listeners='))).toContain('ETL://127.0.0.1:1003')
  })

  it('gives the last word to the settings', () => {
    expect(entries).toContain('message.max.bytes=5')
  })

  it('binds nothing beyond this machine', () => {
    const hosts = entries.join('\n').matchAll(/:\/\/([^:]*):/g)
    expect(new Set(Array.from(hosts, ([, host]) => host))).toEqual(new Set(['127.0.0.1']))
  })
})
