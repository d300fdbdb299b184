import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'

const text = readFileSync(join(repositoryRoot, 'docs', 'scale.md'), 'utf8')

const numberIn = (pattern: RegExp): number => {
  const [, found] = pattern.exec(text) ?? []
  if (found === undefined) throw new Error(`Expected ${String(pattern)} in docs/scale.md`)
  return Number(found.replaceAll(',', ''))
}

const given = {
  bytes: numberIn(/A record has (\d+) bytes/),
  brokerMb: numberIn(/A broker takes\s+(\d+) MB\/s/),
  partitionRecords: numberIn(/An input partition takes ([\d,]+) records a second/),
  etlRecords: numberIn(/plan with half of that, \*\*([\d,]+)\*\*/),
  flinkRecords: numberIn(/plan with \*\*([\d,]+)\*\*/),
}

/** Inputs and outputs, three copies of each. */
const copies = 6

const planFor = (records: number): readonly number[] => {
  const mb = (records * given.bytes * copies) / 1_000_000
  return [
    records,
    mb,
    Math.max(3, Math.ceil(mb / given.brokerMb)),
    Math.max(6, Math.ceil(records / given.partitionRecords)),
    Math.max(1, Math.ceil(records / given.etlRecords)),
    Math.max(1, Math.ceil(records / given.flinkRecords)),
  ]
}

describe('the table of docs/scale.md', () => {
  const lines = [...text.matchAll(/^\| ([\d,]+) \|(.+)\|$/gm)].map(([line]) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')
      .map((cell) => Number(cell.replaceAll(',', ''))),
  )

  it('goes up to ten million records a second', () => {
    expect(lines.map(([records]) => records)).toEqual([10_000, 100_000, 1_000_000, 10_000_000])
  })

  it('is what its figures come to', () => {
    expect(lines).toEqual(lines.map(([records = 0]) => planFor(records)))
  })
})
