import { describe, expect, it } from '@jest/globals'
import { planToolCall } from '../src/kafka-tools.js'

const site = { bootstrap: 'localhost:29092', clientFile: undefined }

describe('planToolCall', () => {
  it('says where the broker is', () => {
    expect(planToolCall('kafka-topics', ['--list'], site)).toEqual({
      name: 'kafka-topics',
      mainClass: 'org.apache.kafka.tools.TopicCommand',
      args: ['--bootstrap-server', 'localhost:29092', '--list'],
    })
  })

  it('comes in as admin where the broker asks for a user, by the option that the tool has for it', () => {
    const secured = { ...site, clientFile: 'admin-client.properties' }
    expect(planToolCall('kafka-topics', [], secured).args).toContain('--command-config')
    expect(planToolCall('kafka-console-consumer', [], secured).args).toContain('--consumer.config')
  })

  it('leaves what is given as it is', () => {
    expect(planToolCall('kafka-topics', ['--bootstrap-server=b:1'], site).args).toEqual(['--bootstrap-server=b:1'])
  })

  it('names the tools that there are', () => {
    expect(() => planToolCall('kafka-topic', [], site)).toThrow(/kafka-topics.*got "kafka-topic"/)
  })
})
