import { describe, expect, it } from '@jest/globals'
import { setImmediate as turn } from 'node:timers/promises'
import { serialize } from '../../src/time/serialize.js'

describe('serialize()', () => {
  it('starts a task when the one before it has settled, also if that has failed', async () => {
    const enqueue = serialize()
    const steps: string[] = []
    const task = (name: string, fails: boolean) => async (): Promise<string> => {
      steps.push(`${name} starts`)
      await turn()
      steps.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
    const results = await Promise.allSettled([
      enqueue(task('a', false)),
      enqueue(task('b', true)),
      enqueue(task('c', false)),
    ])
    expect(steps).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
