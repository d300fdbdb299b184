import { describe, expect, it } from '@jest/globals'
import { integer, oneOf, text } from '../../src/settings/parsers.js'
import { describeSettings, loadSettings, setting, type Environment } from '../../src/settings/settings.js'

const table = {
  rate: setting('ETL_RATE', integer({ min: 1, max: 9 }), '3', 'a number'),
  mode: setting('ETL_MODE', oneOf(['slow', 'fast']), 'slow', 'a choice'),
  password: setting('PASSWORD', text, '', 'a secret', { secret: true }),
  pin: setting('PIN', integer({ min: 0 }), '0', 'a secret number', { secret: true }),
}

const load = (environment: Environment): ReturnType<typeof loadSettings<typeof table>> =>
  loadSettings(table, environment, { prefixes: ['ETL_', 'READER_'], knownNames: ['ETL_RATE', 'ETL_MODE', 'READER_X'] })

const faultsOf = (environment: Environment): readonly string[] => {
  const loaded = load(environment)
  return loaded.ok ? [] : loaded.faults
}

describe('loadSettings', () => {
  it('takes the defaults where nothing is set, and where a text is empty', () => {
    const settings = { rate: 3, mode: 'slow', password: '', pin: 0 }
    expect(load({})).toEqual({ ok: true, settings })
    expect(load({ ETL_RATE: '', ETL_MODE: '', PASSWORD: '', PIN: '' })).toEqual({ ok: true, settings })
  })

  it('parses what is set, and leaves other names alone', () => {
    const loaded = load({
      ETL_RATE: '9',
      ETL_MODE: 'fast',
      PASSWORD: 'p',
      PIN: '7',
      HOME: '/',
      ETLX: '1',
      READER_X: '',
    })
    expect(loaded).toEqual({ ok: true, settings: { rate: 9, mode: 'fast', password: 'p', pin: 7 } })
  })

  it('names all faults at once: name, what was expected, what came', () => {
    expect(faultsOf({ ETL_RATE: '10', ETL_MODE: 'Fast', ETL_RAET: '1', READER_QQQQQQQQQQQQQQQQ: '' })).toEqual([
      'ETL_RAET: no such setting; did you mean ETL_RATE?',
      'READER_QQQQQQQQQQQQQQQQ: no such setting',
      'ETL_RATE: expected an integer from 1 to 9, got "10"',
      'ETL_MODE: expected one of slow, fast, got "Fast"',
    ])
  })

  it('shows no secret in a fault, and no long text in full', () => {
    expect(faultsOf({ PIN: 'canary' })).toEqual(['PIN: expected an integer from 0 to 9007199254740991, got (secret)'])
    const [fault = ''] = faultsOf({ ETL_MODE: `${'x'.repeat(80)}tail\n` })
    expect(fault).toContain(`"${'x'.repeat(80)}…"`)
    expect(fault).not.toContain('tail')
  })

  it('escapes what could forge a line', () => {
    expect(faultsOf({ ETL_MODE: 'a\nb' })).toEqual(['ETL_MODE: expected one of slow, fast, got "a\\nb"'])
  })

  it.each(['__proto__', 'constructor', 'toString'])('is not misled by a name like %s', (name) => {
    expect(load({ [name]: 'x' }).ok).toBe(true)
  })
})

describe('describeSettings', () => {
  it('masks secrets, and tells that one is not set', () => {
    expect(describeSettings(table, { rate: 3, mode: 'slow', password: 'canary', pin: 7 })).toEqual({
      ETL_RATE: 3,
      ETL_MODE: 'slow',
      PASSWORD: '(secret)',
      PIN: '(secret)',
    })
    expect(describeSettings(table, { rate: 3, mode: 'slow', password: '', pin: 7 })).toMatchObject({ PASSWORD: '' })
  })
})
