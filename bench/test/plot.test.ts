import { describe, expect, it } from '@jest/globals'
import { plotBars } from '../src/plot.js'

describe('plotBars', () => {
  it('draws the fastest first and escapes its labels', () => {
    const bar = { lowest: 1, highest: 2, isOurs: false }
    const svg = plotBars('Speed', [
      { ...bar, label: 'slow', value: 1 },
      { ...bar, label: 'fast <&>', value: 2 },
    ])
    expect(svg.indexOf('fast &lt;&amp;&gt;')).toBeGreaterThan(0)
    expect(svg.indexOf('fast')).toBeLessThan(svg.indexOf('slow'))
  })
})
