import { describe, expect, it } from '@jest/globals'
import { formatKafkaProperties, formatZookeeperProperties } from '../src/broker-config.js'

const lines = (text: string): string[] => text.trimEnd().split('\n')

describe('formatKafkaProperties', () => {
  const text = formatKafkaProperties({ dataDir: '/data/kafka', port: 29_092, zookeeperPort: 22_181 })

  it('listens on 127.0.0.1 only, and never makes a topic by itself', () => {
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        'listeners=PLAINTEXT://127.0.0.1:29092',
        'advertised.listeners=PLAINTEXT://localhost:29092',
        'zookeeper.connect=127.0.0.1:22181',
        'auto.create.topics.enable=false',
        'zookeeper.session.timeout.ms=6000',
        'group.initial.rebalance.delay.ms=0',
        'log.dirs=/data/kafka',
      ]),
    )
  })

  it('leaves retention at the default of Kafka', () => expect(text).not.toContain('retention'))

  it('escapes backslashes, which a properties file takes for its own', () => {
    expect(formatKafkaProperties({ dataDir: 'C:\\data', port: 1, zookeeperPort: 2 })).toContain('log.dirs=C:\\\\data')
  })
})

describe('formatZookeeperProperties', () => {
  it('listens on 127.0.0.1 only, without its web server', () => {
    expect(lines(formatZookeeperProperties({ dataDir: '/data/zookeeper', port: 22_181 }))).toEqual([
      'dataDir=/data/zookeeper/data',
      'dataLogDir=/data/zookeeper/log',
      'clientPortAddress=127.0.0.1',
      'clientPort=22181',
      'admin.enableServer=false',
    ])
  })
})
