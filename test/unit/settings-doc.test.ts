import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { allSettings } from './settings-tables.js'

const document = readFileSync(join(__dirname, '../../docs/settings.md'), 'utf8')

const rows = [...document.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$/gm)].map(([, name, text = '', doc]) => ({
  name,
  text: text.replaceAll('`', '').trim(),
  doc,
}))

/** Settings of a single `make` call, which are documented with the commands. */
const documentedElsewhere = ['SERVICE']

describe('the tables of docs/settings.md', () => {
  it.each(
    allSettings
      .filter(({ name }) => !documentedElsewhere.includes(name))
      .map((setting) => [setting.name, setting] as const),
  )('give %s with its default and its meaning', (name, setting) => {
    const row = rows.find((candidate) => candidate.name === name)
    expect(row?.doc).toBe(setting.doc)
    if (name !== 'HTTP_PORT') expect(row?.text).toBe(setting.default)
  })

  it('name nothing that is not a setting', () => {
    const known = [...allSettings.map(({ name }) => name), 'RUNTIME', 'COMPOSE_PROJECT_NAME']
    expect(rows.map(({ name }) => name).filter((name) => !known.includes(name ?? ''))).toEqual([])
  })
})
