import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { jsonSchema, type Format, type TSchema } from '../../src/index.js'
import { writeFrame } from '../../src/schemas/wire-frame.js'

/** A line of draft7-suite.jsonl: tests/draft7 of github.com/json-schema-org/JSON-Schema-Test-Suite (MIT), 44401e0. */
type Group = {
  readonly file: string
  readonly description: string
  readonly schema: TSchema
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

const groups = readFileSync(join(__dirname, 'draft7-suite.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Group)

const formatOf = (schema: TSchema): Format<unknown> | string => {
  try {
    return jsonSchema(schema)
  } catch (error) {
    return String(error)
  }
}

const formats = groups.map(({ schema, ...group }) => ({ ...group, format: formatOf(schema) }))

describe('the test suite of JSON Schema, draft 7', () => {
  it('is decided as it says, but for what the documents say otherwise', () => {
    let count = 0
    const others: string[] = []
    for (const { file, description, format, tests } of formats) {
      if (typeof format === 'string') continue
      for (const test of tests) {
        count++
        const decoded = format.decode(writeFrame(1, Buffer.from(JSON.stringify(test.data))))
        if (decoded.ok !== test.valid) others.push(`${file}: ${description}: ${test.description}`)
      }
    }
    expect(count).toBe(880)
    const large = 'const: float and integers are equal up to 64-bit representation limits'
    expect(others).toEqual([
      // Integers beyond 2^53 are `value_not_valid`.
      `${large}: integer is valid`,
      `${large}: float is valid`,
      // As in later drafts, and in ajv.
      'ref: ref overrides any sibling keywords: ref valid, maxItems ignored',
    ])
  })

  it('has schemas that are refused at the start: those whose references lead out of them, or by a base URI', () => {
    const refused = formats.filter(({ format }) => typeof format === 'string')
    expect(refused.map(({ format }) => format)).toEqual(
      refused.map((): unknown =>
        expect.stringMatching(/^Error: expected a schema whose references lead to parts of it, got \S+$/),
      ),
    )
    const inFile = Map.groupBy(refused, ({ file }) => file)
    expect([...inFile].map(([file, { length }]) => [file, length])).toEqual([
      ['definitions', 1],
      ['ref', 10],
      ['refRemote', 11],
    ])
  })
})

describe('a keyword that would not be checked', () => {
  it.each([
    [{ minimun: 5 }, '#/minimun'],
    [{ properties: { a: { type: 'strng' } } }, '"strng" at #/properties/a/type'],
    [{ type: 'number', minimum: 0, exclusiveMinimum: true }, 'true at #/exclusiveMinimum'],
    [{ items: [{}, { required: true }] }, 'true at #/items/1/required'],
    [{ anyOf: [{ format: 'int64' }] }, '"int64" at #/anyOf/0/format'],
    [{ definitions: { a: 5 } }, '5 at #/definitions/a'],
    [{ properties: [] }, '[] at #/properties'],
    [{ dependencies: { a: ['b'], b: { nullable: true } } }, '#/dependencies/b/nullable'],
    [{ not: { id: 'a' } }, '#/not/id'],
  ])('is refused at the start: %j', (schema, odd) => {
    expect(() => jsonSchema(schema as TSchema)).toThrow(
      new Error(`expected a JSON Schema whose keywords are all checked, got ${odd}`),
    )
  })

  it('is no word of a tool, and none in a value', () => {
    const schema = { 'x-owner': 'me', 'connect.index': 1, default: { minimun: 5 }, enum: [{ nullable: 1 }], title: 'T' }
    expect(() => jsonSchema(schema as TSchema)).not.toThrow()
  })
})
