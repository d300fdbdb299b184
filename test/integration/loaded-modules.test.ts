import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'

/**
 * The packages that a service may load at every start. Each takes memory of an idle service and time of its start:
 * docs/benchmarks.md.
 */
const allowed = new Set([
  ...['dotenv', 'fastest-levenshtein', 'kafkajs'],
  ...['pino', '@pinojs/redact', 'atomic-sleep', 'on-exit-leak-free', 'pino-std-serializers', 'quick-format-unescaped'],
  ...['safe-stable-stringify', 'sonic-boom', 'thread-stream'],
  ...['prom-client', 'bintrees', 'tdigest'],
])
const allowedInProducer = new Set([...allowed, 'date-fns', 'date-fns-tz', '@date-fns/utc'])

/** The modules in the bundle of a service, as the comments in it name them. */
const listBundled = (service: string): readonly string[] =>
  ['main.js', 'service.js']
    .map((name) => join(repositoryRoot, `${service}-src`, 'dist', name))
    .filter((path) => existsSync(path))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/^\/\/ (\S+\.[jt]s)$/gm)])
    .map(([, path = '']) => path)

describe.each(['producer', 'etl', 'reader'])('the %s', (service) => {
  const modules = listBundled(service)

  it('has the packages in its bundle that it needs at every start, and no others', () => {
    const packages = modules.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
    expect(packages).toContain('kafkajs')
    const isAllowed = service === 'producer' ? allowedInProducer : allowed
    expect([...new Set(packages)].filter((name) => !isAllowed.has(name))).toEqual([])
  })

  it('has one function of date-fns, not all of them', () => {
    expect(modules).not.toContain('node_modules/date-fns/index.js')
  })
})
