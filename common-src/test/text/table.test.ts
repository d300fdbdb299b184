import { describe, expect, it } from '@jest/globals'
import { formatTable } from '../../src/text/table.js'

describe('formatTable', () => {
  it('sets text to the left and numbers to the right, in columns as wide as they need', () => {
    const rows = [
      ['timezone1/0', 5, 'x'],
      ['timezone2/0', 12_000n, 'longer'],
      ['t', '-', ''],
    ]
    expect(formatTable(['PARTITION', 'LAG', 'NOTE'], rows)).toBe(
      ['PARTITION      LAG  NOTE', 'timezone1/0      5  x', 'timezone2/0  12000  longer', 't                -'].join(
        '\n',
      ),
    )
  })
})
