import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import * as parsers from '../../src/settings/parsers.js'
import type { Parsed } from '../../src/settings/settings.js'

const valueOf = <T>(parsed: Parsed<T>): T | undefined => (parsed.ok ? parsed.value : undefined)

describe('integer', () => {
  const parse = parsers.integer({ min: -2, max: 100 })
  it.each([
    ['0', 0],
    ['-2', -2],
    ['100', 100],
    ['007', 7],
  ])('takes %s', (text, value) => expect(valueOf(parse(text))).toBe(value))
  it.each(['-3', '101', '1.0', '1e2', '0x1', ' 1', '1 ', '+1', '', 'NaN', '٣', '9'.repeat(400)])('refuses %j', (text) =>
    expect(parse(text)).toEqual({ ok: false, expected: 'an integer from -2 to 100' }),
  )
  it('has an open end where no largest is given, but exact integers only', () => {
    const open = parsers.integer({ min: 0 })
    expect(valueOf(open('9007199254740991'))).toBe(Number.MAX_SAFE_INTEGER)
    expect(open('9007199254740993')).toEqual({ ok: false, expected: 'an integer from 0 to 9007199254740991' })
  })
})

describe('decimal', () => {
  const parse = parsers.decimal({ min: 0, max: 10 })
  it.each([
    ['0', 0],
    ['0.25', 0.25],
    ['10', 10],
  ])('takes %s', (text, value) => expect(valueOf(parse(text))).toBe(value))
  it.each(['-1', '10.1', '.5', '5.', '1e1', 'Infinity', '1,5', ''])('refuses %j', (text) =>
    expect(parse(text)).toEqual({ ok: false, expected: 'a number from 0 to 10' }),
  )
})

describe('boolean', () => {
  it('takes true and false and nothing else', () => {
    expect(['true', 'false'].map((text) => valueOf(parsers.boolean(text)))).toEqual([true, false])
    for (const text of ['True', '1', 'yes', '', ' true'])
      expect(parsers.boolean(text)).toEqual({ ok: false, expected: 'true or false' })
  })
})

describe('brokers', () => {
  it.each([
    ['localhost:29092', ['localhost:29092']],
    ['a:1, b.example:65535 ,[::1]:9092', ['a:1', 'b.example:65535', '[::1]:9092']],
  ])('takes %s', (text, list) => expect(valueOf(parsers.brokers(text))).toEqual(list))
  it.each(['localhost', 'a:0', 'a:65536', 'a:1,', ',a:1', 'http://a:1', '::1:9092', 'a:1 b:2', 'a:+1', '', ':9092'])(
    'refuses %j',
    (text) => expect(parsers.brokers(text).ok).toBe(false),
  )
})

describe('inputs', () => {
  it('takes any number of topics with their zones', () => {
    expect(valueOf(parsers.inputs('timezone1=America/New_York, b=Europe/Paris ,c.d_e-1=UTC'))).toEqual([
      { topic: 'timezone1', zone: 'America/New_York' },
      { topic: 'b', zone: 'Europe/Paris' },
      { topic: 'c.d_e-1', zone: 'UTC' },
    ])
  })
  it.each([
    '',
    'a',
    'a=',
    '=UTC',
    'a=UTC,',
    'a=UTC,a=Europe/Paris',
    'a b=UTC',
    '..=UTC',
    'a=UTC=UTC',
    'a=+01:00',
    'a=-05',
    `${'x'.repeat(250)}=UTC`,
  ])('refuses %j', (text) => expect(parsers.inputs(text).ok).toBe(false))
  it.each(['__proto__', 'constructor', '..'])('says that %s is no topic', (name) => {
    const parsed = parsers.inputs(`${name}=Europe/Paris,b=UTC`)
    expect(parsed.ok ? '' : parsed.expected).toContain(
      `each topic once (timezone1=America/New_York,timezone2=Europe/Paris); not "${name}", but a topic's name`,
    )
  })
  it('names a zone that is none', () => {
    const parsed = parsers.inputs('a=UTC,b=Europe/Pris')
    expect(parsed.ok ? '' : parsed.expected).toContain('"Europe/Pris" is not an IANA zone')
  })
})

describe.each([
  ['topicName', parsers.topicName, 249],
  ['identifier', parsers.identifier, 200],
] as const)('%s', (_, parse, longest) => {
  it('takes what Kafka and its tools take', () => {
    for (const name of ['a', 'unified_timestamps', 'A.b-c_9', 'x'.repeat(longest)])
      expect(valueOf(parse(name))).toBe(name)
    for (const name of ['', 'a/b', 'a b', 'é', 'a\n', 'x'.repeat(longest + 1)]) expect(parse(name).ok).toBe(false)
  })
})

describe('topicName', () => {
  it('is no property of every object, which KafkaJS would take for a topic that it knows', () =>
    expect(['__proto__', 'constructor', 'toString'].map((name) => parsers.topicName(name).ok)).toEqual([
      false,
      false,
      false,
    ]))

  it('is neither . nor ..', () => expect(['.', '..'].map((name) => parsers.topicName(name).ok)).toEqual([false, false]))
})

describe('oneOf', () => {
  it('takes exactly the values, and lists them when it refuses', () => {
    const parse = parsers.oneOf(['off', 'warn'])
    expect(parse('warn')).toEqual({ ok: true, value: 'warn' })
    for (const text of ['Warn', ' warn', '', 'constructor'])
      expect(parse(text)).toEqual({ ok: false, expected: 'one of off, warn' })
  })
})

describe('path', () => {
  it.each([
    ['~', homedir()],
    ['~/results', join(homedir(), 'results')],
    ['./~/results', './~/results'],
    ['results', 'results'],
  ])('takes %j as %j', (text, value) => {
    expect(parsers.path(text)).toEqual({ ok: true, value })
  })

  it('refuses the home folder of somebody else, which only a shell knows', () => {
    expect(parsers.path('~josé/results')).toMatchObject({ ok: false })
  })
})
