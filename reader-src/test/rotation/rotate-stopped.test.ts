import { describe, expect, it } from '@jest/globals'
import { filesOfResult } from '@kafka-etl/pipeline'
import { recoverResults, type Recovery } from '../../src/file/recovery.js'
import type { Moved } from '../../src/file/results-file.js'
import { rotateStopped } from '../../src/rotation/rotate-stopped.js'
import { askForRotation, endRotationRequest, readRotationRequest } from '../../src/rotation/rotation-request.js'
import { aftermaths, Crash, createFakeDisk, type FakeDisk } from '../file/fake-disk.js'

const header = 'timestamp,message,time,diff\n'
const files = filesOfResult('results.csv')
const rotated = files.rotated(0)
const rowOf = (offset: number): string => `${offset},"row ${offset}",1,1\n`
const rowsBefore = (end: number): string => Array.from({ length: end }, (_, offset) => rowOf(offset)).join('')

const openResults = (disk: FakeDisk): Promise<Recovery> =>
  recoverResults({
    disk,
    files,
    header,
    topic: 'topic',
    createGroupId: () => 'reader-1',
    waitForSpace: () => Promise.resolve(),
  })

const at = (next: number): Moved => ({
  rowCount: 2,
  partitions: new Map([[0, { next, last: { offset: next - 1, crc32: 0 }, sources: [] }]]),
})

/** A reader's life: handles requests, writes rows in batches of two up to `end`, and stops. */
const read = async (disk: FakeDisk, end: number): Promise<void> => {
  const { results } = await openResults(disk)
  const asked = await readRotationRequest(disk, files)
  if (asked !== undefined) {
    if ((await disk.state(asked)) === undefined) await results.rotate(asked)
    await endRotationRequest(disk, files)
  }
  for (let next = results.positions().partitions.get(0)?.next ?? 0; next < end; next += 2) {
    await results.append(Buffer.from(rowOf(next) + rowOf(next + 1)), at(next + 2))
  }
  await results.close()
}

const rotate = async (disk: FakeDisk): Promise<boolean> => {
  await askForRotation(disk, files, rotated)
  const isDone = await rotateStopped(disk, files, rotated)
  if (isDone) await endRotationRequest(disk, files)
  return isDone
}

const allRows = (disk: FakeDisk): string =>
  [disk.content(rotated) ?? '', disk.content('results.csv') ?? ''].map((text) => text.replace(header, '')).join('')

describe('rotation without a reader', () => {
  it('begins a new file, in which the reader goes on', async () => {
    const disk = createFakeDisk()
    await read(disk, 4)
    expect(await rotate(disk)).toBe(true)
    expect([disk.content(rotated), disk.content('results.csv')]).toEqual([header + rowsBefore(4), header])
    await read(disk, 6)
    expect(disk.content('results.csv')).toBe(header + rowOf(4) + rowOf(5))
  })

  it('keeps every row once, and rotates once, whichever operation the machine dies at', async () => {
    const calm = createFakeDisk()
    await read(calm, 4)
    calm.crashAt(Infinity)
    await rotate(calm)
    const total = calm.operations()
    expect(total).toBeGreaterThan(15)
    for (const aftermath of aftermaths) {
      for (let crash = 1; crash <= total; crash++) {
        for (const again of [rotate, (disk: FakeDisk) => read(disk, 4)]) {
          const disk = createFakeDisk()
          await read(disk, 4)
          disk.crashAt(crash)
          await expect(rotate(disk)).rejects.toThrow(Crash)
          disk.recover(aftermath)
          await again(disk)
          await read(disk, 6)
          expect({ crash, aftermath, rows: allRows(disk) }).toEqual({ crash, aftermath, rows: rowsBefore(6) })
          const rotations = disk.names().filter((name) => files.isRotated(name))
          expect(rotations.length).toBeLessThanOrEqual(1)
          expect(disk.names()).not.toContain(files.rotationRequest)
        }
      }
    }
  })

  it('leaves a file with unknown bytes to its reader, which only was killed', async () => {
    const disk = createFakeDisk()
    await read(disk, 4)
    // No clean stop.
    await openResults(disk)
    const file = await disk.open('results.csv')
    await file.write(Buffer.from('4,"ro'), Buffer.byteLength(header + rowsBefore(4)))
    expect(await rotate(disk)).toBe(false)
    await read(disk, 6)
    expect(allRows(disk)).toBe(rowsBefore(6))
    expect(disk.content(rotated)).toBe(header + rowsBefore(4))
  })

  it('removes a request that names anything but a rotated file of the result', async () => {
    const disk = createFakeDisk()
    for (const name of ['../results.csv', 'results.csv', 'other.1970-01-01T00-00-00.000Z.csv', '']) {
      const file = await disk.create(files.rotationRequest)
      await file.write(Buffer.from(name), 0)
      expect(await readRotationRequest(disk, files)).toBeUndefined()
      expect(disk.names()).toEqual([])
    }
  })
})
