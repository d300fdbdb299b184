import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { guardedNames, guardedPrefixes } from '../../common-src/src/index.js'
import { allSettings } from './settings-tables.js'

const example = readFileSync(join(__dirname, '../../.env.example'), 'utf8')

/**
 * The example's entries: a comment line with the setting's purpose, then the setting with its default, commented out.
 */
const entries = [...example.matchAll(/^# (.*)\n#([A-Z_]+)=(.*)$/gm)].map(([, doc, name, value]) => ({
  doc,
  name,
  value,
}))

/** Settings of one `make` call, which are of no use in a file. */
const onlyOnTheCommandLine = ['SERVICE']

const expected = allSettings
  .filter(({ name }) => !onlyOnTheCommandLine.includes(name))
  .map(({ name, doc, default: value }) => ({ doc, name, value: name === 'HTTP_PORT' ? '' : value }))

describe('.env.example', () => {
  it('has every setting once, with its meaning and its default', () => {
    const tested = entries.filter(
      ({ name = '' }) =>
        !['KAFKA_SASL_PASSWORD_FILE', 'SCHEMA_REGISTRY_PASSWORD_FILE', 'COMPOSE_PROJECT_NAME'].includes(name),
    )
    expect(tested.toSorted(byName)).toEqual(expected.toSorted(byName))
  })

  it('changes nothing when it is copied to .env as it is', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
  })

  it('has nothing that reads like a setting but is none', () => {
    const assigned = [...example.matchAll(/^#([A-Z_]+)=/gm)]
    expect(assigned).toHaveLength(entries.length)
  })
})

const byName = (one: { readonly name?: string | undefined }, other: { readonly name?: string | undefined }): number =>
  (one.name ?? '').localeCompare(other.name ?? '')

describe('the guarded names', () => {
  it('are those of all tables under the guarded prefixes', () => {
    const ofTables = allSettings
      .flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]))
      .filter((name) => guardedPrefixes.some((prefix) => name.startsWith(prefix)))
    expect(guardedNames.toSorted()).toEqual(ofTables.toSorted())
  })
})
