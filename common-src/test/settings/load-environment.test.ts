import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { commonSettings } from '../../src/settings/common-settings.js'
import { registrySettings } from '../../src/settings/registry-settings.js'
import { loadEnvironment } from '../../src/settings/load-environment.js'

describe('loadEnvironment', () => {
  const before = process.cwd()
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-environment-'))
    process.chdir(folder)
  })
  afterEach(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  })

  it('takes the environment before .env', () => {
    writeFileSync('.env', 'LOG_LEVEL=warn\nDEAD_LETTER_TOPIC=of-the-file-too\n')
    expect(loadEnvironment(commonSettings, { LOG_LEVEL: 'debug' })).toMatchObject({
      ok: true,
      settings: { logLevel: 'debug', deadLetterTopic: 'of-the-file-too' },
    })
  })

  it.each([
    [{}, ['localhost:29092']],
    [{ KAFKA_PORT: '59092' }, ['localhost:59092']],
    [{ KAFKA_PORT: '59092', KAFKA_BROKERS: 'kafka.example:9092' }, ['kafka.example:9092']],
  ])('of %p finds Kafka at %p', (environment, kafkaBrokers) => {
    expect(loadEnvironment(commonSettings, environment)).toMatchObject({ ok: true, settings: { kafkaBrokers } })
  })

  it('reads a .env that begins with a byte order mark', () => {
    writeFileSync('.env', '\ufeffLOG_LEVEL=warn\r\nKAFKA_PORT=59092\r\n')
    expect(loadEnvironment(commonSettings, {})).toMatchObject({ settings: { logLevel: 'warn', kafkaPort: 59092 } })
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffLOG_LEVEL=warn\n', 'utf16le')],
    ['UTF-16', Buffer.from('\ufeffLOG_LEVEL=warn\n', 'utf16le').swap16()],
    ['a NUL byte, as in UTF-16', Buffer.from('LOG_LEVEL=warn\n', 'utf16le')],
    ['other bytes', Buffer.from('RESULTS_DIR=jos\u00e9\n', 'latin1')],
  ])('refuses a .env of %s, of which it would find nothing', (got, bytes) => {
    writeFileSync('.env', bytes)
    expect(loadEnvironment(commonSettings, {})).toEqual({
      ok: false,
      faults: [`.env: expected UTF-8, got ${got}: save it as UTF-8`],
    })
  })

  it('finds the Kafka of a stack whose port stands in .env', () => {
    writeFileSync('.env', 'KAFKA_PORT=59092\n')
    expect(loadEnvironment(commonSettings, {})).toMatchObject({ settings: { kafkaBrokers: ['localhost:59092'] } })
  })

  it("reads the registry's password from a file, and refuses a file of what is no secret", () => {
    writeFileSync('password', 'canary\n')
    const table = { ...commonSettings, ...registrySettings }
    expect(loadEnvironment(table, { SCHEMA_REGISTRY_PASSWORD_FILE: 'password' })).toMatchObject({
      settings: { registryPassword: 'canary' },
    })
    // A service without registered formats accepts it, too.
    expect(loadEnvironment(commonSettings, { SCHEMA_REGISTRY_PASSWORD_FILE: 'password' })).toMatchObject({ ok: true })
    expect(loadEnvironment(table, { SCHEMA_REGISTRY_USERNAME_FILE: 'password' })).toMatchObject({ ok: false })
  })

  it('says once that a port is none', () => {
    expect(loadEnvironment(commonSettings, { KAFKA_PORT: 'x' })).toEqual({
      ok: false,
      faults: ['KAFKA_PORT: expected an integer from 1 to 65535, got "x"'],
    })
  })

  it('tells the faults of files, names, values and what contradicts at once', () => {
    mkdirSync('.env')
    const environment = {
      KAFKA_SASL_PASSWORD_FILE: folder,
      ETL_GRUOP_ID: 'x',
      KAFKA_SSL: 'yes',
    }
    const findContradictions = () => ['A: expected another value than B']
    expect(loadEnvironment(commonSettings, environment, { findContradictions })).toEqual({
      ok: false,
      faults: [
        expect.stringMatching(/^\.env: expected a readable file, or none, got EISDIR/),
        expect.stringMatching(/^KAFKA_SASL_PASSWORD_FILE: expected a readable file, got EISDIR/),
        'ETL_GRUOP_ID: no such setting; did you mean ETL_GROUP_ID?',
        'KAFKA_SSL: expected true or false, got "yes"',
        'A: expected another value than B',
      ],
    })
  })
})
