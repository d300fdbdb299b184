import { describe, expect, it } from '@jest/globals'
import { describeLeftOut, isEngineOn } from '../../src/engine/engine-choice.js'

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

  it('is told where containers with SECURE leave jobs out, and refused where they are asked for', () => {
    expect(describeLeftOut({ engine: 'auto', secure: true }, connector)).toContain('The jobs of connector do not run')
    expect(describeLeftOut({ engine: 'off', secure: true }, connector)).toBeUndefined()
    expect(describeLeftOut({ engine: 'auto', secure: false }, connector)).toBeUndefined()
    expect(describeLeftOut({ engine: 'auto', secure: true }, timestamps)).toBeUndefined()
    expect(() => describeLeftOut({ engine: 'on', secure: true }, timestamps)).toThrow('ENGINE: expected 0 with SECURE')
  })
})
