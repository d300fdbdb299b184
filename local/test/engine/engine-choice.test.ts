import { describe, expect, it } from '@jest/globals'
import { isEngineOn } from '../../src/engine/engine-choice.js'

const connector = { name: 'connector', sqlFiles: ['sum.sql'] }
const timestamps = { name: 'timestamps', sqlFiles: ['logs-per-minute.sql'] }

describe('whether Flink belongs to the stack', () => {
  it('is as the pipeline needs it, unless ENGINE says', () => {
    expect(isEngineOn({ engine: 'auto' }, connector)).toBe(true)
    expect(isEngineOn({ engine: 'auto' }, timestamps)).toBe(false)
    expect(isEngineOn({ engine: 'auto' }, { name: 'noaa', sqlFiles: [] })).toBe(false)
    expect(isEngineOn({ engine: 'on' }, timestamps)).toBe(true)
    expect(isEngineOn({ engine: 'off' }, connector)).toBe(false)
  })
})
