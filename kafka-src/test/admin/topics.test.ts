import { describe, expect, it } from '@jest/globals'
import { KafkaJSProtocolError } from 'kafkajs'
import { outputPartitionCount } from '@kafka-etl/common'
import { createLogger } from '../../../common-src/src/log/logger.js'
import { ensureTopics } from '../../src/admin/ensure-topics.js'
import { createSystemClock } from '../../../common-src/src/time/clock.js'
import { planTopics, type TopicNeeds } from '../../src/admin/topics.js'
import { awaitPartitionCounts, repeatWhileBeingMade as repeat } from '../../src/admin/while-being-made.js'
import { createMemoryStream } from '../../../common-src/test/memory-stream.js'

/** Two inputs, and two outputs with one partition for each input partition. */
const needs: TopicNeeds = {
  topics: ['a', 'b', 'out', 'dead'],
  plan: (existing) => {
    const inputs = ['a', 'b'].map((topic) => ({ topic, partitions: existing.get(topic) ?? 1 }))
    const partitions = outputPartitionCount(inputs.map((input) => input.partitions))
    return [...inputs, { topic: 'out', partitions }, { topic: 'dead', partitions }]
  },
}

const plan = (existing: Readonly<Record<string, number>>): ReturnType<typeof planTopics> =>
  planTopics(needs.plan(new Map(Object.entries(existing))), new Map(Object.entries(existing)))

describe('planTopics', () => {
  it('creates what is missing: an input with one partition, an output with one for each input partition and for any timestamp', () => {
    expect(plan({})).toEqual({
      create: [
        { topic: 'a', partitions: 1 },
        { topic: 'b', partitions: 1 },
        { topic: 'out', partitions: 2 },
        { topic: 'dead', partitions: 2 },
      ],
      grow: [],
    })
  })

  it('does nothing where everything is as it should be', () => {
    expect(plan({ a: 1, b: 1, out: 2, dead: 2 })).toEqual({ create: [], grow: [] })
  })

  it('grows the outputs with the inputs', () => {
    expect(plan({ a: 3, b: 1, out: 2, dead: 4 })).toEqual({
      create: [],
      grow: [
        { topic: 'out', count: 5 },
        { topic: 'dead', count: 5 },
      ],
    })
  })

  it('shrinks nothing, and leaves more partitions than needed alone', () => {
    expect(plan({ a: 4, b: 4, out: 20, dead: 20 })).toEqual({ create: [], grow: [] })
  })

  it('creates outputs for inputs that have more partitions already', () => {
    expect(plan({ a: 1, b: 3 }).create).toEqual([
      { topic: 'out', partitions: 6 },
      { topic: 'dead', partitions: 6 },
    ])
  })

  it('creates a topic with its settings', () => {
    const settings = { 'cleanup.policy': 'compact' }
    const needed = [
      { topic: 'a', partitions: 3, settings },
      { topic: 'b', partitions: 1, settings: {} },
    ]
    expect(planTopics(needed, new Map())).toEqual({
      create: [
        { topic: 'a', partitions: 3, settings },
        { topic: 'b', partitions: 1 },
      ],
      grow: [],
    })
  })
})

describe('ensureTopics', () => {
  it('waits for topics that another service is making', async () => {
    let looks = 0
    const known = (): string[] => (looks < 4 ? ['a'] : ['a', 'b', 'out', 'dead'])
    const read = (topics: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      Promise.resolve(new Map(topics.filter((topic) => known().includes(topic)).map((topic) => [topic, 1]))).finally(
        () => looks++,
      )
    const admin = {
      readPartitionCounts: read,
      awaitPartitionCounts: (topics: readonly string[]) => awaitPartitionCounts(read, topics, createSystemClock()),
      // The answer of KafkaJS to the service that was too late.
      createTopics: () => Promise.resolve(false),
      growTopic: () => Promise.resolve(),
    }
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat: 'json' }, stream })
    const counts = await ensureTopics(admin, needs, logger)
    expect([...counts.keys()].sort()).toEqual(['a', 'b', 'dead', 'out'])
    expect(stream.text()).not.toContain('created')
  })

  it('waits for the partitions of a topic that another service has grown, though no answer knows of them yet', async () => {
    let looks = 0
    const read = (topics: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const outputs = looks++ < 3 ? 2 : 4
      return Promise.resolve(new Map(topics.map((topic) => [topic, topic.length === 1 ? 2 : outputs])))
    }
    const type = 'INVALID_PARTITIONS'
    const admin = {
      readPartitionCounts: read,
      awaitPartitionCounts: (topics: readonly string[], least?: ReadonlyMap<string, number>) =>
        awaitPartitionCounts(read, topics, createSystemClock(), least),
      createTopics: () => Promise.resolve(false),
      growTopic: () => Promise.reject(new KafkaJSProtocolError(Object.assign(new Error(type), { type }))),
    }
    const logger = createLogger({
      name: 'etl',
      settings: { logLevel: 'info', logFormat: 'json' },
      stream: createMemoryStream(),
    })
    expect((await ensureTopics(admin, needs, logger)).get('out')).toBe(4)
  })
})

describe('repeatWhileBeingMade', () => {
  const repeatWhileBeingMade = (ask: () => Promise<string>): Promise<string> => repeat(ask, createSystemClock())

  const failingOnce = (type: string): (() => Promise<string>) => {
    let isFirst = true
    return () => {
      if (!isFirst) return Promise.resolve('made')
      isFirst = false
      return Promise.reject(new KafkaJSProtocolError(Object.assign(new Error(type), { type })))
    }
  }

  it.each(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'])(
    'asks again where a part of the broker does not know the topic yet: %s',
    async (type) => {
      expect(await repeatWhileBeingMade(failingOnce(type))).toBe('made')
    },
  )

  it('asks again where the cluster has no controller yet', async () => {
    let isFirst = true
    const ask = (): Promise<string> => {
      if (!isFirst) return Promise.resolve('made')
      isFirst = false
      return Promise.reject(Object.assign(new Error('Broker -1 not found'), { name: 'KafkaJSBrokerNotFound' }))
    }
    expect(await repeatWhileBeingMade(ask)).toBe('made')
  })

  it('fails at once where that is not the cause', async () => {
    await expect(repeatWhileBeingMade(failingOnce('TOPIC_AUTHORIZATION_FAILED'))).rejects.toThrow('AUTHORIZATION')
  })
})
