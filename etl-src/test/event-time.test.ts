import { describe, expect, it } from '@jest/globals'
import { readLastEventTime } from '../src/event-time.js'

const run = (...values: string[]): { readonly buffer: Buffer } => ({
  buffer: Buffer.from(`\x02${values.join('\x06source')}`),
})
const output = (timestamp: string, message: string): string =>
  JSON.stringify({ timestamp: 0, message, time: 1, diff: 1 }).replace('"timestamp":0', `"timestamp":${timestamp}`)

describe('readLastEventTime', () => {
  it('reads it from the last output of the last run', () => {
    const runs = [run(output('1.5', 'a')), run(output('2.5', 'b'), output('-1707145312884.548', 'c'))]
    expect(readLastEventTime(runs)).toBe(-1_707_145_312_884.548)
  })

  it('takes no message for an output', () => {
    expect(readLastEventTime([run(output('7', '{"timestamp":8,'))])).toBe(7)
  })

  it.each([[[]], [[run()]], [[run('{"timestamp":')]], [[run('{"timestamp":x,')]]])('finds none in %j', (runs) => {
    expect(readLastEventTime(runs)).toBeUndefined()
  })
})
