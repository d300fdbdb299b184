import { describe, expect, it } from '@jest/globals'
import { sumMetric } from '../../support/service-process.js'

const exposition = `# HELP lag records
# TYPE lag gauge
lag{topic="a",partition="0"} 3
lag{topic="a",partition="1"} 4
lag_total 7
up 1
`

describe('sumMetric', () => {
  it('adds up the samples of a name, labelled or not', () => {
    expect(sumMetric(exposition, 'lag')).toBe(7)
    expect(sumMetric(exposition, 'up')).toBe(1)
    expect(sumMetric(exposition, 'down')).toBeUndefined()
  })
})
