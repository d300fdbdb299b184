import { describe, expect, it } from '@jest/globals'
import { formatZookeeperProperties } from '../../src/broker/zookeeper-properties.js'

describe('formatZookeeperProperties', () => {
  it('listens on 127.0.0.1 only, without its web server', () => {
    expect(formatZookeeperProperties({ dataDir: 'zookeeper', port: 22_181 }).trimEnd().split('\n')).toEqual([
      'dataDir=zookeeper/data',
      'dataLogDir=zookeeper/log',
      'clientPortAddress=127.0.0.1',
      'clientPort=22181',
      'admin.enableServer=false',
      'tickTime=2000',
    ])
  })
})
