import { describe, expect, it } from '@jest/globals'
import { createLogger, SettingsError } from '@kafka-etl/common'
import { noMetadata } from '@kafka-etl/kafka'
import { csv, Type } from '@kafka-etl/pipeline'
import { Writable } from 'node:stream'
import type { StartPosition } from '../src/judge-position.js'
import { withCommittedState } from '../src/committed-state.js'
import { restoreState } from '../src/restore-state.js'
import { createFakeLog, sha256Of } from './fake-log.js'

const commit = '*COMMIT*'
const warnings: string[] = []
const logger = createLogger({
  name: 'etl',
  settings: { logLevel: 'warn', logFormat: 'json' },
  stream: new Writable({ write: (line, _encoding, done) => done(void warnings.push(String(line))) }),
})
const topic = { name: 't', value: csv(Type.Object({ value: Type.Integer() })), updates: commit }

const at = (offset: bigint, kind: StartPosition['kind'] = 'committed', metadata = noMetadata): StartPosition => ({
  ...{ topic: 't', partition: 3, offset, kind, metadata },
})

/** What the ETL committed at offset 6, two updates into `whole`. */
const format = { columns: ['value'], offset: 0n, sha256: sha256Of('value') }
const committed = withCommittedState(noMetadata, { commits: 2, format }, 6n)
const whole = ['value', '1', commit, '2', '3', commit, '4', commit]

const restore = async (values: readonly (string | undefined)[], start: StartPosition, logStart = 0n) => {
  const { admin, read } = createFakeLog(values, logStart)
  warnings.length = 0
  return { state: await restoreState({ admin, logger, topic }, start), read }
}

describe('the state at a position', () => {
  it('is what was committed beside it, without a look at the log', async () => {
    const { state, read } = await restore(whole, at(6n, 'committed', committed))
    expect([state, read]).toEqual([{ commits: 2, format }, []])
  })

  it('outlives what retention took', async () => {
    const { state } = await restore(whole.slice(6), at(6n, 'committed', committed), 6n)
    expect(state).toEqual({ commits: 2, format })
  })

  it.each([
    [3n, 1],
    [4n, 1],
    [8n, 3],
  ])('at %d, where somebody has moved it, counts from where the ETL was', async (offset, commits) => {
    const moved = at(offset, 'committed', committed)
    expect((await restore(whole, moved)).state).toEqual({ commits, format })
    // The earlier records are not needed for it.
    expect((await restore(whole.slice(3), moved, 3n)).state).toEqual({ commits, format })
    expect(warnings).toEqual([])
  })

  it('at the start of the log knows neither header nor updates: both come', async () => {
    const none = { commits: 0, format: undefined }
    expect((await restore(whole, at(0n, 'committed', committed))).state).toEqual(none)
    expect((await restore(whole, at(0n, 'new to the group'))).state).toEqual(none)
    expect((await restore(whole, at(0n, 'made again', committed))).state).toEqual(none)
  })

  it.each(['committed', 'new at the end'] as const)(
    'is read from the log if nothing is known of it: %s',
    async (kind) => {
      expect((await restore(whole, at(7n, kind))).state).toEqual({ commits: 2, format })
      expect((await restore([commit, undefined, ...whole], at(7n, kind))).state).toEqual({
        commits: 2,
        format: { ...format, offset: 2n },
      })
    },
  )

  it('needs a header: without it one sentence says what is missing', async () => {
    const gone = restore(whole.slice(3), at(5n), 3n)
    await expect(gone).rejects.toThrow(SettingsError)
    await expect(gone).rejects.toThrow(
      "t partition 3: expected the CSV's header in the first record, but the first remaining record is at offset 3: recreate the topic, with its header first",
    )
    await expect(restore(whole.slice(3), at(3n, 'new to the group'), 3n)).rejects.toThrow(SettingsError)
    // Whoever deletes records may send the header again.
    expect((await restore(whole, at(3n, 'new to the group'), 3n)).state.format).toBeUndefined()
  })

  it('counts from what is left if nothing else is known, and says so', async () => {
    const { state } = await restore(['value', '8', commit, '9'], at(13n), 10n)
    expect(state).toMatchObject({ commits: 1 })
    expect(warnings.join()).toContain('the number of updates before offset 10')
  })

  describe('with a header that did not fit beside the offset', () => {
    const large = withCommittedState(
      noMetadata,
      { commits: 0, format: { columns: ['value', 'x'.repeat(4_000)], offset: 1n, sha256: '' } },
      3n,
    )
    const header = `value,${'x'.repeat(4_000)}`
    const withHash = (sha256: string) =>
      at(3n, 'committed', { ...large, others: { ...large.others, header: { offset: '1', sha256 } } })

    it('reads it again, alone', async () => {
      const { state, read } = await restore([commit, header, '1,', '2,'], withHash(sha256Of(header)))
      expect(state.format?.columns).toEqual(['value', 'x'.repeat(4_000)])
      expect(read).toEqual([1n])
    })

    it('refuses another record in its place, or none', async () => {
      const other = restore([commit, 'value', '1', '2'], withHash(sha256Of(header)))
      await expect(other).rejects.toThrow('but the record at offset 1 is gone, or was replaced')
      const none = restore(['1,', '2,'], withHash(sha256Of(header)), 2n)
      await expect(none).rejects.toThrow(SettingsError)
    })
  })
})
