import { describe, expect, it } from '@jest/globals'
import { originalHeaders, parseLetter, type DeadLetter } from '../../src/dead-letters/letter.js'
import { planReplay, type ReplayChoice } from '../../src/dead-letters/plan-replay.js'
import { createReplayMarks } from '../../src/dead-letters/replay-marks.js'
import type { StoredRecord } from '../../src/stored-record.js'

type Header = StoredRecord['headers'][number]

const header = (key: string, value: string): Header => ({ key, value: Buffer.from(value) })
const source = 'timezone1/0/4711'

/** `own` are the rejected record's headers, `changed` the ETL's headers that differ. */
const letterOf = (own: readonly Header[] = [], changed: Readonly<Record<string, string>> = {}): DeadLetter => {
  const added = {
    source,
    '__etl.errors.reason': 'value_not_json',
    '__etl.errors.message': 'expected JSON',
    '__etl.errors.timestamp': '1707217879944',
    ...changed,
  }
  const headers = [...own, ...Object.entries(added).map(([key, value]) => header(key, value))]
  return parseLetter('dead_letters', 1, { offset: 17n, key: Buffer.from('key'), value: Buffer.from('value'), headers })
}

const choice: ReplayChoice = {
  reasons: ['value_not_json'],
  letters: [],
  topic: undefined,
  sinceMs: undefined,
  limit: undefined,
  isAgain: false,
}
const counts = new Map([['timezone1', 1]])
const plan = (letter: DeadLetter, chosen = choice, marks: readonly string[] = []): ReturnType<typeof planReplay> =>
  planReplay(letter, chosen, createReplayMarks(marks), counts)

/** The mark of an earlier letter that was replayed. */
const replayed = '1/3 timezone1/0/12 1'

describe('planReplay', () => {
  it('sends the original back to where it came from, and tells of what letter it is', () => {
    expect(plan(letterOf([header('own', '1')]))).toEqual({
      kind: 'send',
      mark: '1/17 timezone1/0/4711 1707217879944',
      record: {
        topic: 'timezone1',
        partition: 0,
        key: Buffer.from('key'),
        value: Buffer.from('value'),
        headers: [header('own', '1'), header('replay-of', 'dead_letters/1/17')],
      },
    })
  })

  it('sends a letter again that only shares its place with a replayed one', () => {
    expect(plan(letterOf(), choice, ['1/17 timezone1/0/4711 1'])).toMatchObject({ kind: 'send' })
  })

  it.each([
    ['replayed before', letterOf(), choice, ['1/17 timezone1/0/4711 1707217879944'], 'alreadyReplayed'],
    ['cut', letterOf([], { '__etl.original.size': '9999999' }), choice, [], 'cut'],
    ['a replay itself', letterOf([header('replay-of', 'dead_letters/1/3')]), choice, [replayed], 'rejectedAgain'],
    ['of a topic that is no input', letterOf([], { source: 'other/0/1' }), choice, [], 'noInput'],
    ['of a partition that is not there', letterOf([], { source: 'timezone1/1/1' }), choice, [], 'noInput'],
  ])('leaves what is %s', (_name, letter, chosen, marks, reason) => {
    expect(plan(letter, chosen, marks)).toEqual({ kind: 'skip', reason })
  })

  it('sends a replay once more when it is told to', () => {
    const letter = letterOf([header('replay-of', 'dead_letters/1/3')])
    expect(plan(letter, { ...choice, isAgain: true }, [replayed])).toMatchObject({
      kind: 'send',
      record: { headers: [header('replay-of', 'dead_letters/1/17')] },
    })
  })

  it.each([
    ['of another reason', letterOf(), { ...choice, reasons: ['field_missing'] }],
    ['of another topic', letterOf(), { ...choice, topic: 'timezone2' }],
    ['without a source', letterOf([], { source: 'nonsense' }), choice],
  ])('does not choose what is %s', (_name, letter, chosen) => {
    expect(plan(letter, chosen)).toEqual({ kind: 'notChosen' })
  })
})

describe('planReplay with headers that the input brought', () => {
  it('keeps them all in their order, whatever their names', () => {
    const own = [
      header('b', '1'),
      header('__etl.original.size', '5'),
      header('a', '1'),
      header('source', 'forged/0/1'),
      { key: 'b', value: null },
      header('__etl.errors.reason', 'own'),
    ]
    expect(plan(letterOf(own))).toMatchObject({
      kind: 'send',
      record: { headers: [...own, header('replay-of', 'dead_letters/1/17')] },
    })
  })

  it('takes no letter for cut because its input had such a header', () => {
    expect(letterOf([header('__etl.original.size', '5')]).originalSize).toBeUndefined()
  })

  it.each([
    ['of a letter that was never replayed', 'dead_letters/1/3'],
    ['of another topic', 'other/1/3'],
    ['without sense', '\u0000'],
  ])('believes no replay-of %s, and keeps it', (_name, forged) => {
    expect(plan(letterOf([header('replay-of', forged)]), choice, ['0/9 timezone1/0/3 1'])).toMatchObject({
      kind: 'send',
      record: { headers: [header('replay-of', forged), header('replay-of', 'dead_letters/1/17')] },
    })
  })
})

describe('planReplay of letters that are named', () => {
  const named: ReplayChoice = { ...choice, reasons: [] }
  it.each([
    ['this one', { ...named, letters: [{ partition: 1, offset: 17n }] }, 'send'],
    ['another one', { ...named, letters: [{ partition: 0, offset: 17n }] }, 'notChosen'],
    ['every reason', named, 'send'],
    ['from its time on', { ...named, sinceMs: 1707217879944 }, 'send'],
    ['from later on', { ...named, sinceMs: 1707217879945 }, 'notChosen'],
  ])('%s', (_name, chosen, kind) => {
    expect(plan(letterOf(), chosen)).toMatchObject({ kind })
  })
})

describe('originalHeaders', () => {
  it('takes the last value of each of the names that the ETL adds, and leaves the others', () => {
    const own = [
      header('source', 'one'),
      header('__etl.errors.reason', 'one'),
      header('__etl.errors.reason', 'two'),
      header('own', 'one'),
      header('own', 'two'),
    ]
    expect(originalHeaders(letterOf(own))).toEqual(own)
  })
})

describe('parseLetter', () => {
  it('believes the last of several headers of a name: the input may have brought the others', () => {
    const letter = letterOf([header('source', 'forged/0/1')])
    expect(letter.source).toEqual({ topic: 'timezone1', partition: 0, offset: 4711n })
  })
})
