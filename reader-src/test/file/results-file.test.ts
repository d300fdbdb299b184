import { describe, expect, it } from '@jest/globals'
import { SettingsError } from '@kafka-etl/common'
import { filesOfResult } from '@kafka-etl/pipeline'
import { recoverResults, type Recovery, type RecoveryOptions } from '../../src/file/recovery.js'
import type { Moved } from '../../src/file/results-file.js'
import { parsePositions } from '../../src/file/file-positions.js'
import { aftermaths, Crash, createFakeDisk, type FakeDisk } from './fake-disk.js'

const header = 'timestamp,message,time,diff\n'
const rowOf = (offset: number): string => `${offset},"row ${offset}",1,1\n`
const rowsBefore = (end: number): string => Array.from({ length: end }, (_, offset) => rowOf(offset)).join('')

const createOptions = (disk: FakeDisk): RecoveryOptions => ({
  disk,
  files: filesOfResult('results.csv'),
  header,
  topic: 'topic',
  createGroupId: () => 'reader-1',
  waitForSpace: () => Promise.resolve(),
})

const openResults = (disk: FakeDisk): Promise<Recovery> => recoverResults(createOptions(disk))

const nextOf = ({ results }: Recovery): number => results.positions().partitions.get(0)?.next ?? 0

const at = (next: number): Moved => ({
  rowCount: 1,
  partitions: new Map([[0, { next, last: { offset: next - 1, crc32: 0 }, sources: [] }]]),
})

/** A reader's work: rows 0 to 5 in batches of two, continuing from the positions. */
const work = async (disk: FakeDisk, commit: (next: number) => void): Promise<void> => {
  const recovery = await openResults(disk)
  for (let next = nextOf(recovery); next < 6; next += 2) {
    await recovery.results.append(Buffer.from(rowOf(next) + rowOf(next + 1)), at(next + 2))
    commit(next + 2)
  }
}

describe('results file', () => {
  it('begins with the header and its positions', async () => {
    const disk = createFakeDisk()
    await openResults(disk)
    expect(disk.content('results.csv')).toBe(header)
    expect(parsePositions(disk.content('results.positions.json') ?? '')).toMatchObject({
      ok: true,
      positions: { topic: 'topic', groupId: 'reader-1', length: header.length },
    })
  })

  it('keeps every committed row, once, whichever operation the machine dies at', async () => {
    const calm = createFakeDisk()
    await work(calm, () => undefined)
    const total = calm.operations()
    expect(total).toBeGreaterThan(20)
    for (const aftermath of aftermaths) {
      for (let crash = 1; crash <= total; crash++) {
        const disk = createFakeDisk()
        let committed = 0
        disk.crashAt(crash)
        await expect(work(disk, (next) => (committed = next))).rejects.toThrow(Crash)
        disk.recover(aftermath)
        const recovery = await openResults(disk)
        const next = nextOf(recovery)
        expect({ crash, aftermath, csv: disk.content('results.csv') }).toEqual({
          crash,
          aftermath,
          csv: header + rowsBefore(next),
        })
        expect(next).toBeGreaterThanOrEqual(committed)
        await recovery.results.close()
        await work(disk, () => undefined)
        expect(disk.content('results.csv')).toBe(header + rowsBefore(6))
      }
    }
  })

  it('survives a second crash during recovery', async () => {
    for (const aftermath of aftermaths) {
      for (let crash = 1; crash <= 8; crash++) {
        const disk = createFakeDisk()
        disk.crashAt(22)
        await expect(work(disk, () => undefined)).rejects.toThrow(Crash)
        disk.recover('unsynced is kept')
        disk.crashAt(crash)
        await openResults(disk).catch(() => undefined)
        disk.recover(aftermath)
        await work(disk, () => undefined)
        expect(disk.content('results.csv')).toBe(header + rowsBefore(6))
      }
    }
  })

  it('waits for space and leaves no half row, wherever the disk fills up', async () => {
    for (let failures = 1; failures < 5; failures++) {
      const disk = createFakeDisk()
      const waits: (string | undefined)[] = []
      const { results } = await recoverResults({
        ...createOptions(disk),
        waitForSpace: () => {
          waits.push(disk.content('results.csv'))
          return Promise.resolve()
        },
      })
      disk.fill(failures)
      await results.append(Buffer.from(rowOf(0)), at(1))
      expect(waits).toEqual(Array.from({ length: failures }, () => header))
      expect(disk.content('results.csv')).toBe(header + rowOf(0))
    }
  })

  it('gives up on a full disk when told to, and the next start goes on', async () => {
    const disk = createFakeDisk()
    const stopped = recoverResults({
      ...createOptions(disk),
      waitForSpace: () => Promise.reject(new Error('asked to stop')),
    })
    const { results } = await stopped
    disk.fill(1)
    await expect(results.append(Buffer.from(rowOf(0)), at(1))).rejects.toThrow('asked to stop')
    await expect(results.append(Buffer.from(rowOf(1)), at(2))).rejects.toThrow('asked to stop')
    await work(disk, () => undefined)
    expect(disk.content('results.csv')).toBe(header + rowsBefore(6))
  })
})

describe('recovery', () => {
  const write = async (disk: FakeDisk, name: string, text: string): Promise<void> => {
    const file = await disk.open(name)
    await file.truncate(0)
    await file.write(Buffer.from(text), 0)
  }
  const started = async (): Promise<FakeDisk> => {
    const disk = createFakeDisk()
    await work(disk, () => undefined)
    return disk
  }

  it('sets aside what the positions do not know', async () => {
    const disk = await started()
    const good = disk.content('results.csv') ?? ''
    const aside = `results.cut-off-at-${good.length}`
    await write(disk, 'results.csv', `${good}1707,"hal`)
    expect((await openResults(disk)).setAside).toMatchObject({ bytes: 9, name: `${aside}.csv` })
    expect(disk.content('results.csv')).toBe(good)
    expect(disk.content(`${aside}.csv`)).toBe('1707,"hal')
    await write(disk, 'results.csv', `${good}my own note`)
    expect((await openResults(disk)).setAside).toMatchObject({ name: `${aside}-2.csv` })
    expect(disk.content(`${aside}-2.csv`)).toBe('my own note')
  })

  it('removes what was set aside once it is written again', async () => {
    const disk = await started()
    const torn = rowOf(6) + rowOf(7).slice(0, 5)
    await write(disk, 'results.csv', `${disk.content('results.csv') ?? ''}${torn}`)
    const { results, setAside } = await openResults(disk)
    const { name = '' } = setAside ?? {}
    const other = new Map([[1, { next: 1, sources: [] }]])
    await results.append(Buffer.from(rowOf(100)), { rowCount: 1, partitions: other })
    await results.append(Buffer.from(rowOf(6)), at(7))
    expect(disk.content(name)).toBe(torn)
    await results.append(Buffer.from(rowOf(7)), at(8))
    expect(disk.content(name)).toBeUndefined()
  })

  it('refuses rows that were added after it had stopped, and touches nothing', async () => {
    const disk = await started()
    await (await openResults(disk)).results.close()
    const edited = `${disk.content('results.csv') ?? ''}1,"my own note",2,1\n`
    await write(disk, 'results.csv', edited)
    const refusal = openResults(disk)
    await expect(refusal).rejects.toThrow(SettingsError)
    await expect(refusal).rejects.toThrow(/somebody has added 20 bytes at its end/)
    expect(disk.content('results.csv')).toBe(edited)
  })

  it.each([
    ['a file without positions', 'results.positions.json', undefined, /expected no file, or an empty one/],
    ['positions without their file', 'results.csv', undefined, /expected at least the \d+ bytes .* got 0/],
    ['a file that is shorter than its positions', 'results.csv', header, /rows were lost/],
    ['another file of some length', 'results.csv', 'a,b\n'.repeat(100), /not the same file, or was edited/],
    ['positions that are no JSON', 'results.positions.json', '{"version":', /expected a JSON object/],
    ['positions of another version', 'results.positions.json', '{"version":3}', /expected version 1 or 2/],
  ])('refuses %s, and touches nothing', async (_name, file, content, sentence) => {
    const original = await started()
    const disk = createFakeDisk()
    for (const name of ['results.csv', 'results.positions.json']) {
      const kept = name === file ? content : original.content(name)
      if (kept !== undefined) await write(disk, name, kept)
    }
    const before = [disk.content('results.csv') ?? '', disk.content('results.positions.json') ?? '']
    const refusal = openResults(disk)
    await expect(refusal).rejects.toThrow(SettingsError)
    await expect(refusal).rejects.toThrow(sentence)
    expect([disk.content('results.csv') ?? '', disk.content('results.positions.json') ?? '']).toEqual(before)
  })

  it('refuses the rows of another topic', async () => {
    const disk = await started()
    const other = recoverResults({ ...createOptions(disk), topic: 'other' })
    await expect(other).rejects.toThrow(/^results.csv: expected topic as its topic, .* got other/)
  })

  it('refuses other columns than those of the file', async () => {
    const disk = await started()
    const other = recoverResults({ ...createOptions(disk), header: 'timestamp,message\n' })
    await expect(other).rejects.toThrow(/^results.csv: expected the header timestamp,message, got another/)
  })

  it('stops as soon as somebody else has written', async () => {
    const disk = await started()
    const { results } = await openResults(disk)
    await write(disk, 'results.csv', `${disk.content('results.csv') ?? ''}x`)
    await expect(results.append(Buffer.from(rowOf(6)), at(7))).rejects.toThrow(/somebody else changed it/)
  })

  it('stops as soon as another reader has taken over', async () => {
    const disk = await started()
    const { results } = await openResults(disk)
    const other = await openResults(disk)
    await expect(results.append(Buffer.from(rowOf(6)), at(7))).rejects.toThrow(
      /another reader uses the same RESULTS_DIR/,
    )
    await other.results.append(Buffer.from(rowOf(6)), at(7))
    expect(disk.content('results.csv')).toBe(header + rowsBefore(7))
  })
})

describe('rotation', () => {
  const rotated = 'results.rotated.csv'
  /** Rows 0 to 5, with a rotation after the third pair at the latest. */
  const workAndRotate = async (disk: FakeDisk): Promise<void> => {
    const recovery = await openResults(disk)
    for (let next = nextOf(recovery); next < 6; next += 2) {
      if (next === 4 && disk.content(rotated) === undefined) await recovery.results.rotate(rotated)
      await recovery.results.append(Buffer.from(rowOf(next) + rowOf(next + 1)), at(next + 2))
    }
  }
  const allRows = (disk: FakeDisk): string =>
    [disk.content(rotated) ?? '', disk.content('results.csv') ?? ''].map((text) => text.replace(header, '')).join('')

  it('begins a new file behind the old one', async () => {
    const disk = createFakeDisk()
    await workAndRotate(disk)
    expect(disk.content(rotated)).toBe(header + rowsBefore(4))
    expect(disk.content('results.csv')).toBe(header + rowOf(4) + rowOf(5))
  })

  it('keeps every row once, whichever operation the machine dies at', async () => {
    const calm = createFakeDisk()
    await workAndRotate(calm)
    const total = calm.operations()
    for (const aftermath of aftermaths) {
      for (let crash = 1; crash <= total; crash++) {
        const disk = createFakeDisk()
        disk.crashAt(crash)
        await expect(workAndRotate(disk)).rejects.toThrow(Crash)
        disk.recover(aftermath)
        await workAndRotate(disk)
        expect({ crash, aftermath, rows: allRows(disk) }).toEqual({ crash, aftermath, rows: rowsBefore(6) })
      }
    }
  })
})
