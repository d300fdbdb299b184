import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readSecretFiles } from '../../src/settings/load-environment.js'
import { text } from '../../src/settings/parsers.js'
import { setting } from '../../src/settings/settings.js'

const table = {
  password: setting('PASSWORD', text, '', '', { secret: true }),
  plain: setting('PLAIN', text, '', ''),
}

describe('readSecretFiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-files-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (content: string): string => {
    const path = join(folder, 'secret')
    writeFileSync(path, content)
    return path
  }

  it.each([
    ['canary\n', 'canary'],
    ['canary\r\n', 'canary'],
    ['canary', 'canary'],
    [' canary \n\n', ' canary \n'],
  ])('takes %j but for its line break', (content, secret) => {
    const read = readSecretFiles(table, { PASSWORD_FILE: write(content) })
    expect(read).toMatchObject({ environment: { PASSWORD: secret }, faults: [] })
  })

  it('refuses a secret that is set both ways, without showing it', () => {
    const { faults } = readSecretFiles(table, { PASSWORD: 'canary', PASSWORD_FILE: write('canary') })
    expect(faults).toEqual(['PASSWORD_FILE: expected either PASSWORD or PASSWORD_FILE, got both'])
  })

  it('says which file could not be read', () => {
    const { faults } = readSecretFiles(table, { PASSWORD_FILE: join(folder, 'none') })
    expect(faults).toEqual([expect.stringMatching(/^PASSWORD_FILE: expected a readable file, got .*ENOENT.*none/)])
  })

  it('reads files for secrets alone, and none for an empty name', () => {
    const environment = { PLAIN_FILE: write('x'), PASSWORD_FILE: '' }
    expect(readSecretFiles(table, environment)).toEqual({ environment, faults: [] })
  })
})
