import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Input } from './inputs.js'
import type { Parsed } from './settings.js'

/** The parsers of settings. Each takes a text and returns its value, or what it expected instead. */

export const text = (value: string): Parsed<string> => ({ ok: true, value })

/** A path. `~/` at the start means the home folder: no shell expands it in a `.env` file. */
export const path = (value: string): Parsed<string> => {
  if (value === '~' || value.startsWith('~/')) return { ok: true, value: join(homedir(), value.slice(1)) }
  return value.startsWith('~')
    ? { ok: false, expected: 'a path without a user after ~ (a folder of that name: ./~…)' }
    : { ok: true, value }
}

export const integer =
  ({ min, max = Number.MAX_SAFE_INTEGER }: { readonly min: number; readonly max?: number }) =>
  (value: string): Parsed<number> => {
    const parsed = /^-?\d+$/.test(value) ? Number(value) : Number.NaN
    return parsed >= min && parsed <= max
      ? { ok: true, value: parsed }
      : { ok: false, expected: `an integer ${range(min, max)}` }
  }

export const decimal =
  ({ min, max }: { readonly min: number; readonly max: number }) =>
  (value: string): Parsed<number> => {
    const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
    return parsed >= min && parsed <= max
      ? { ok: true, value: parsed }
      : { ok: false, expected: `a number ${range(min, max)}` }
  }

const range = (min: number, max: number): string => `from ${min} to ${max}`

/** Parses an empty text as undefined. */
export const optional =
  <Value>(parse: (value: string) => Parsed<Value>) =>
  (value: string): Parsed<Value | undefined> =>
    value === '' ? { ok: true, value: undefined } : parse(value)

export const boolean = (value: string): Parsed<boolean> =>
  value === 'true' || value === 'false'
    ? { ok: true, value: value === 'true' }
    : { ok: false, expected: 'true or false' }

export const oneOf =
  <const Value extends string>(values: readonly Value[]) =>
  (value: string): Parsed<Value> => {
    const found = values.find((candidate) => candidate === value)
    return found === undefined ? { ok: false, expected: `one of ${values.join(', ')}` } : { ok: true, value: found }
  }

/** `host:port` or `[ipv6]:port`, separated by commas. */
export const brokers = (value: string): Parsed<readonly string[]> => {
  const list = value.split(',').map((broker) => broker.trim())
  return list.every(isBroker)
    ? { ok: true, value: list }
    : { ok: false, expected: 'host:port, or several of them separated by commas' }
}

const isBroker = (broker: string): boolean => {
  const port = /^(?:[^\s:[\]/]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(broker)?.[1]
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535
}

/** The name of a service and its URL. */
export type Address = { readonly name: string; readonly url: string }

/** `name=http://host:port`, separated by commas; may be empty. */
export const addresses = (value: string): Parsed<readonly Address[]> => {
  const list = splitList(value).map((entry) => {
    const at = entry.indexOf('=')
    return { name: entry.slice(0, Math.max(0, at)), url: URL.parse(entry.slice(at + 1)) }
  })
  return list.every(({ name, url }) => /^[a-z0-9-]{1,40}$/.test(name) && url?.protocol === 'http:')
    ? { ok: true, value: list.map(({ name, url }) => ({ name, url: url?.origin ?? '' })) }
    : { ok: false, expected: 'name=http://host:port, or several of them separated by commas' }
}

/** Host names without ports, separated by commas; may be empty. */
export const hostNames = (value: string): Parsed<readonly string[]> => {
  const list = splitList(value).map((name) => name.toLowerCase())
  return list.every((name) => /^[a-z0-9.-]{1,253}$/.test(name))
    ? { ok: true, value: list }
    : { ok: false, expected: 'host names, separated by commas' }
}

const splitList = (value: string): readonly string[] =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/**
 * The prefix of a consumer group or transactional id: 1 to 200 characters that a topic name allows, and that tools can
 * quote.
 */
export const identifier = (value: string): Parsed<string> =>
  /^[a-zA-Z0-9._-]{1,200}$/.test(value)
    ? { ok: true, value }
    : { ok: false, expected: "1 to 200 of a-z, A-Z, 0-9, '.', '_', '-'" }

/** An http or https URL without a trailing slash. */
export const httpUrl = (value: string): Parsed<string> => {
  const url = URL.parse(value)
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  return isHttp && url.username === '' && url.password === ''
    ? { ok: true, value: value.replace(/\/+$/, '') }
    : { ok: false, expected: 'a URL (http://… or https://…) without user and password' }
}

/** The name of a pipeline, that is, of its folder in pipelines/. */
export const pipelineName = (value: string): Parsed<string> =>
  /^[a-z][a-z0-9-]{0,62}$/.test(value)
    ? { ok: true, value }
    : { ok: false, expected: 'the name of a folder of pipelines/ (lower-case letters, digits, hyphens)' }

/** {@link identifier}, or empty. */
export const optionalIdentifier = (value: string): Parsed<string> => (value === '' ? text(value) : identifier(value))

/** A command as a JSON list of words; an empty text means none. */
export const command = (value: string): Parsed<readonly string[]> => {
  const words = parseJson(value === '' ? '[]' : value)
  return Array.isArray(words) && words.every((word) => typeof word === 'string')
    ? { ok: true, value: words }
    : { ok: false, expected: 'a JSON list of texts, or nothing' }
}

const parseJson = (value: string): unknown => {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/**
 * A valid Kafka topic name: 1 to 249 ASCII letters, digits, dots, underscores and hyphens. KafkaJS keeps topics as
 * properties of plain objects, and would take `constructor` or `__proto__` for built-in properties.
 */
export const topicName = (value: string): Parsed<string> =>
  isTopicName(value) ? { ok: true, value } : { ok: false, expected: topicNameExpectation }

const topicNameExpectation =
  "a topic's name (1 to 249 of a-z, A-Z, 0-9, '.', '_', '-', not '.', '..' or a property of every JavaScript object, such as constructor)"

const isTopicName = (value: string): boolean =>
  /^[a-zA-Z0-9._-]{1,249}$/.test(value) && value !== '.' && value !== '..' && !Object.hasOwn(Object.prototype, value)

const inputsExpectation =
  'topic=IANA zone, separated by commas, each topic once (timezone1=America/New_York,timezone2=Europe/Paris)'

/** `topic=zone,topic=zone`: at least one, each topic once, each zone known to this runtime. */
export const inputs = (value: string): Parsed<readonly Input[]> => {
  const list = value.split(',').map((entry) => {
    const [topic = '', zone = '', ...rest] = entry.trim().split('=')
    return { topic: topic.trim(), zone: zone.trim(), isWellFormed: rest.length === 0 }
  })
  const unknown = list.find(({ zone }) => zone !== '' && !isZone(zone))
  if (unknown)
    return { ok: false, expected: `${inputsExpectation}; ${JSON.stringify(unknown.zone)} is not an IANA zone` }
  const unfit = list.find(({ topic }) => topic !== '' && !isTopicName(topic))
  if (unfit) {
    return {
      ok: false,
      expected: `${inputsExpectation}; not ${JSON.stringify(unfit.topic)}, but ${topicNameExpectation}`,
    }
  }
  const isValid =
    list.every(({ topic, zone, isWellFormed }) => isWellFormed && zone !== '' && topic !== '') &&
    new Set(list.map(({ topic }) => topic)).size === list.length
  return isValid
    ? { ok: true, value: list.map(({ topic, zone }) => ({ topic, zone })) }
    : { ok: false, expected: inputsExpectation }
}

const isZone = (zone: string): boolean => {
  // Intl also accepts bare offsets such as +01:00. They are not zones, and no server's clock follows them.
  if (!/^[A-Za-z]/.test(zone)) return false
  // Check the name first, which covers all but aliases: a DateTimeFormat takes 15 ms to create, and the reader needs
  // none.
  if (Intl.supportedValuesOf('timeZone').includes(zone)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
