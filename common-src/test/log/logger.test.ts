import { describe, expect, it } from '@jest/globals'
import { logLevel as kafkaLogLevel } from 'kafkajs'
import { createKafkaLog } from '../../../kafka-src/src/client/client-log.js'
import { createLogger } from '../../src/log/logger.js'
import { createMemoryStream } from '../memory-stream.js'

type Format = 'auto' | 'json' | 'pretty'

const log = (logFormat: Format, isTerminal: boolean): string => {
  const stream = createMemoryStream(isTerminal)
  const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat }, stream })
  logger.info({ lag: 3 }, 'unified 12')
  logger.debug('nobody wants to know')
  return stream.text()
}

describe('createLogger', () => {
  it('writes an object a line', () => {
    const text = log('json', true)
    expect(text.split('\n')).toHaveLength(2)
    const line = JSON.parse(text) as { readonly time: string }
    expect(line).toEqual({ level: 'info', time: line.time, name: 'etl', lag: 3, msg: 'unified 12' })
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('writes a line for people, in colour on a terminal only', () => {
    expect(log('pretty', false)).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: etl: unified 12\n$/)
    expect(log('pretty', true)).toContain('\u001b[')
  })

  it('is for people on a terminal and for machines elsewhere unless it is told', () => {
    expect(log('auto', true)).toContain('unified 12\u001b')
    expect(log('auto', false)).toMatch(/^\{/)
  })

  it.each(['json', 'pretty'] as const)('keeps passwords out of %s', (logFormat) => {
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat }, stream })
    logger.info({ password: 'canary', sasl: { password: 'canary' }, settings: { password: 'canary' } }, 'starting')
    expect(stream.text()).toContain('starting')
    expect(stream.text()).not.toContain('canary')
  })
})

describe("KafkaJS's log", () => {
  const write = (level: kafkaLogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): string => {
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'etl', settings: { logLevel: 'trace', logFormat: 'json' }, stream })
    const log = { timestamp: '', logger: 'kafkajs', message, ...fields }
    createKafkaLog(logger)(level)({ namespace: 'Connection', level, label: '', log })
    return stream.text()
  }

  it.each([
    [kafkaLogLevel.ERROR, 'warn'],
    [kafkaLogLevel.WARN, 'warn'],
    [kafkaLogLevel.INFO, 'debug'],
    [kafkaLogLevel.DEBUG, 'trace'],
  ])('has its level %s as %s', (level, name) =>
    expect(JSON.parse(write(level, 'x'))).toMatchObject({ level: name, kafkajs: 'Connection', msg: 'x' }),
  )

  it('shows the fields that are known, and neither payloads nor stacks', () => {
    const fields = { topic: 't', error: new Error('refused'), payload: 'canary', stack: 'canary', buffer: 'canary' }
    const text = write(kafkaLogLevel.ERROR, 'x', fields)
    expect(JSON.parse(text)).toMatchObject({ topic: 't', error: 'refused' })
    expect(text).not.toContain('canary')
  })

  it('does not quote a message that KafkaJS found no value in', () => {
    const text = write(kafkaLogLevel.ERROR, 'Invalid message without value for topic "t": {"key":"canary"}')
    expect(text).not.toContain('canary')
  })
})
