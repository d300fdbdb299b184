import { describe, expect, it } from '@jest/globals'
import { parseBenchSettings, peerNames } from '../src/settings.js'

describe('parseBenchSettings', () => {
  it('takes everything unless told otherwise', () => {
    const parsed = parseBenchSettings({})
    expect(parsed).toMatchObject({ ok: true, settings: { peers: peerNames, logs: 1_000_000, rounds: 3 } })
  })
  it('leaves out the peers where PEERS is empty', () => {
    expect(parseBenchSettings({ PEERS: '' })).toMatchObject({ ok: true, settings: { peers: [] } })
  })
  it('names what was expected of each wrong setting', () => {
    const parsed = parseBenchSettings({ SCENARIOS: 'backlog,lunch', LOGS: 'many' })
    expect(parsed.ok ? [] : parsed.faults).toEqual([
      expect.stringMatching(/^SCENARIOS: expected some of backlog, .*, got lunch$/),
      'LOGS: expected a whole number, got many',
    ])
  })
})
