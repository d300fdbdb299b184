import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readGuards } from './guard.js'
import { createScratchCopy, type ScratchCopy } from './scratch-copy.js'

/** `GUARDS=name,name` runs only these. */
const chosen = process.env.GUARDS?.split(',')
const guards = readGuards().filter(({ name }) => chosen === undefined || chosen.includes(name))

// A test that was never seen to fail proves nothing: each guard is switched off in a copy, and its test must detect
// that.
describe('without the guard, its test is red', () => {
  let copy: ScratchCopy
  beforeAll(async () => {
    copy = await createScratchCopy()
  }, 120_000)
  afterAll(() => copy.remove(), 60_000)

  it.each(guards)(
    '$name: $guard',
    async ({ patchFile, lane, test, titles, says }) => {
      await copy.apply(patchFile)
      try {
        // Unit tests read the sources.
        if (lane !== 'unit') await copy.build()
        const { code, output } = await copy.runTest(lane, test, titles)
        expect(output).toMatch(/^Tests: +\d+ failed/m)
        expect(output).toContain(says)
        expect(code).toBe(1)
      } finally {
        await copy.takeBack(patchFile)
      }
    },
    900_000,
  )
})
