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

/** Settings of one `make` call, told where the commands are. */
const toldElsewhere = ['SERVICE']

describe('the tables of docs/settings.md', () => {
  it.each(
    allSettings.filter(({ name }) => !toldElsewhere.includes(name)).map((setting) => [setting.name, setting] as const),
  )('tell %s with its default and its meaning', (name, setting) => {
    const told = rows.find((row) => row.name === name)
    expect(told?.doc).toBe(setting.doc)
    if (name !== 'HTTP_PORT') expect(told?.text).toBe(setting.default)
  })

  it('tell of nothing that is no setting', () => {
    const known = [...allSettings.map(({ name }) => name), 'RUNTIME', 'COMPOSE_PROJECT_NAME']
    expect(rows.map(({ name }) => name).filter((name) => !known.includes(name ?? ''))).toEqual([])
  })
})
