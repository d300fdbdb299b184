import { describe, expect, it } from '@jest/globals'
import { assertResultsMatch, expectedRow, parseResults } from '../../support/results-csv.js'
import { recordAt } from './records.js'

const output = (coordinates: string, timestamp: string, message: string): ReturnType<typeof recordAt> =>
  recordAt(coordinates, 'in/0/0', `{"timestamp":${timestamp},"message":${JSON.stringify(message)},"time":5,"diff":1}`)
const header = 'timestamp,message,time,diff\n'
const unified = [output('out/0/0', '1.5', 'a'), output('out/0/1', '2', 'b "quoted", \n'), output('out/1/0', '-1', 'c')]
const rows = ['1.5,"a",5,1\n', '2,"b ""quoted"", \n",5,1\n', '-1,"c",5,1\n'] as const

describe('parseResults', () => {
  it('reads quotes, commas and line feeds inside of text', () => {
    expect(parseResults(header + rows.join(''))).toHaveLength(3)
    expect(parseResults(header)).toEqual([])
  })

  it('refuses a torn row, a missing or second header, and a row of another shape', () => {
    expect(() => parseResults('')).toThrow(/start with/)
    expect(() => parseResults(`${header}1.5,"a",5`)).toThrow(/newline/)
    expect(() => parseResults(`${header}1.5,"a\n`)).toThrow(/[Qq]uot/)
    expect(() => parseResults(`${header}1.5,"a",5\n`)).toThrow(/Record Length/)
    expect(() => parseResults(header + header)).toThrow(/row 1/)
    expect(() => parseResults(`${header}1.5000,"a",5,1\n`)).toThrow(/row 1/)
    expect(() => parseResults(`${header}1.5,a,5,1\n`)).toThrow(/quotes around the message/)
    expect(() => parseResults(`${header}"1.5","a",5,1\n`)).toThrow(/quotes around the message/)
    expect(() => parseResults(`${header}\n${rows[0]}`)).toThrow()
  })
})

describe('assertResultsMatch', () => {
  it('allows partitions to mix', () => {
    expect(() => assertResultsMatch(header + rows.join(''), unified)).not.toThrow()
    expect(() => assertResultsMatch(header + rows[2] + rows[0] + rows[1], unified)).not.toThrow()
  })

  it('fails on a row lost, repeated, changed or out of order', () => {
    expect(() => assertResultsMatch(header + rows[0] + rows[1], unified)).toThrow(/1 missing/)
    expect(() => assertResultsMatch(header + rows.join('') + rows[0], unified)).toThrow(/1 too many/)
    expect(() => assertResultsMatch(header + rows.join('').replace('1.5', '1.6'), unified)).toThrow(/missing/)
    expect(() => assertResultsMatch(header + rows[1] + rows[0] + rows[2], unified)).toThrow(/order of partition 0/)
  })

  it('takes timestamps as text: digits that a double does not hold count', () => {
    expect(expectedRow(output('out/0/0', '253402300799999.999', 'm')).timestamp).toBe('253402300799999.999')
  })
})
