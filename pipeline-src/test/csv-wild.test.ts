import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { csv, Type } from '../src/index.js'

const Person = Type.Object({
  name: Type.Union([Type.String(), Type.Null()]),
  age: Type.Integer(),
  score: Type.Optional(Type.Number()),
  ok: Type.Optional(Type.Boolean()),
})

const muller = { name: 'Müller, "Jo"\nx', age: 42, score: 1.5, ok: true }
const nobody = { name: null, age: 0, score: 1e-7, ok: false }
const blank = { ...nobody, name: '' }
const x = { name: 'x', age: 7 }

/** Files as other programs write them, each as one record. */
const files = {
  'Python, csv.writer': [
    'name,age,score,ok\r\n"Müller, ""Jo""\nx",42,1.5,True\r\n,0,1e-07,False\r\nx,7,,\r\n',
    [muller, nobody, x],
  ],
  'Python, QUOTE_ALL': [
    '"name","age","score","ok"\r\n"Müller, ""Jo""\nx","42","1.5","True"\r\n"","0","1e-07","False"\r\n"x","7","",""\r\n',
    [muller, blank, x],
  ],
  'PostgreSQL, COPY … (FORMAT csv, HEADER)': [
    'name,age,score,ok\n"Müller, ""Jo""\nx",42,1.5,t\n"",0,1e-07,f\n,0,1e-07,f\nx,7,,\n',
    [muller, blank, nobody, x],
  ],
  'Excel, CSV UTF-8': [
    '\ufeffname,age,score,ok\r\n"Müller, ""Jo""\nx",42,1.5,TRUE\r\n,0,0.0000001,FALSE\r\nx,7,,\r\n',
    [muller, nobody, x],
  ],
} as const

const semicolons = '\ufeffname;age;score;ok\r\n"Müller, ""Jo""\nx";42;1.5;TRUE\r\n;0;1E-07;FALSE\r\nx;7;;\r\n'

const readFile = (file: string, delimiter: string) => {
  const format = csv(Person, { delimiter })
  return format.rows?.decode(Buffer.from(file), 0n, undefined).decoded
}

describe('csv from the wild', () => {
  it.each(Object.entries(files))('%s', (_name, [file, rows]) => {
    expect(readFile(file, ',')).toEqual({ ok: true, value: rows })
  })

  it('Excel where numbers have a decimal comma', () => {
    expect(readFile(semicolons, ';')).toEqual({ ok: true, value: [muller, nobody, x] })
  })

  it('refuses a decimal comma instead of reading another number', () => {
    expect(readFile('name;age;score;ok\r\nx;1;1,5;', ';')).toMatchObject({
      ok: false,
      message: 'expected score to be a number, got "1,5"',
    })
  })
})

type Row = {
  readonly name: string | null
  readonly age: number
  readonly score?: number | null
  readonly ok?: boolean | null
}

/** A file as the tool wrote it. `rows` is its content, `reader` what the tool itself reads from it, as text. */
type WildFile = {
  readonly tool: string
  readonly delimiter: string
  readonly text: string
  readonly rows?: readonly Row[]
  readonly reader?: readonly (readonly [name: string, age: string, score: string, ok: string])[]
}

const wildFiles = JSON.parse(readFileSync(join(__dirname, 'golden', 'csv.json'), 'utf8')) as readonly WildFile[]

/** Python's reader has no null: an empty field is an empty text. */
const textsOf = ({ name, age, score, ok }: Row) => [name ?? '', age, score ?? undefined, ok ?? undefined]

const numberOf = (text: string): number | undefined => (text === '' ? undefined : Number(text))

const expectedOf = ({ rows = [], reader }: WildFile) =>
  reader?.map(([name, age, score, ok]) => [
    name,
    Number(age),
    numberOf(score),
    ok === '' ? undefined : ok === 'True',
  ]) ??
  rows.map(({ name, score, ok, ...row }) => ({
    ...{ name, ...row },
    ...(score === null ? {} : { score }),
    ...(ok === null ? {} : { ok }),
  }))

describe('csv that the tools themselves wrote (golden/generate-csv.py)', () => {
  it.each(wildFiles)('$tool', (file) => {
    const read = readFile(file.text, file.delimiter)
    const rows = read?.ok === true ? read.value : []
    expect(file.reader ? (rows as readonly Row[]).map(textsOf) : rows).toEqual(expectedOf(file))
    expect(rows.length).toBeGreaterThan(11)
  })

  it("refuses what Python's escapechar writes instead of reading another row", () => {
    // csv.writer(…, quoting=csv.QUOTE_NONE, escapechar='\\') for a name with a comma; this is not RFC 4180.
    expect(readFile('name,age,score,ok\r\na\\,b,1,,\r\n', ',')).toMatchObject({
      ok: false,
      message: 'expected 4 columns, got 5',
    })
  })
})
