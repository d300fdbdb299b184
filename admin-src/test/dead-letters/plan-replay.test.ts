import { describe, expect, it } from '@jest/globals'
import { originalHeaders, parseLetter, type DeadLetter } from '../../src/dead-letters/letter.js'
import { planReplay, type ReplayChoice } from '../../src/dead-letters/plan-replay.js'

const added = {
  source: Buffer.from('timezone1/0/4711'),
  '__etl.errors.reason': Buffer.from('value_not_json'),
  '__etl.errors.message': Buffer.from('expected JSON'),
  '__etl.errors.timestamp': Buffer.from('1707217879944'),
}

const letterOf = (headers: Readonly<Record<string, Buffer | Buffer[]>> = {}): DeadLetter =>
  parseLetter('dead_letters', 1, {
    offset: '17',
    key: Buffer.from('key'),
    value: Buffer.from('value'),
    timestamp: '1',
    attributes: 0,
    headers: { ...added, ...headers },
  })

const choice: ReplayChoice = { reasons: ['value_not_json'], topic: undefined, isAgain: false }
const counts = new Map([['timezone1', 1]])
const plan = (letter: DeadLetter, chosen = choice, marks: readonly string[] = []): ReturnType<typeof planReplay> =>
  planReplay(letter, chosen, new Set(marks), counts)

describe('planReplay', () => {
  it('sends the original back to where it came from, and tells of what letter it is', () => {
    expect(plan(letterOf({ own: Buffer.from('1') }))).toEqual({
      kind: 'send',
      mark: '1/17 timezone1/0/4711 1707217879944',
      record: {
        topic: 'timezone1',
        partition: 0,
        key: Buffer.from('key'),
        value: Buffer.from('value'),
        headers: { own: Buffer.from('1'), 'replay-of': 'dead_letters/1/17' },
      },
    })
  })

  it('sends a letter again that only shares its place with a replayed one', () => {
    expect(plan(letterOf(), choice, ['1/17 timezone1/0/4711 1'])).toMatchObject({ kind: 'send' })
  })

  it.each([
    ['replayed before', letterOf(), choice, ['1/17 timezone1/0/4711 1707217879944'], 'alreadyReplayed'],
    ['cut', letterOf({ '__etl.original.size': Buffer.from('9999999') }), choice, [], 'cut'],
    ['a replay itself', letterOf({ 'replay-of': Buffer.from('dead_letters/1/3') }), choice, [], 'rejectedAgain'],
    ['of a topic that is no input', letterOf({ source: Buffer.from('other/0/1') }), choice, [], 'noInput'],
    ['of a partition that is not there', letterOf({ source: Buffer.from('timezone1/1/1') }), choice, [], 'noInput'],
  ])('leaves what is %s', (_name, letter, chosen, marks, reason) => {
    expect(plan(letter, chosen, marks)).toEqual({ kind: 'skip', reason })
  })

  it('sends a replay once more when it is told to', () => {
    const letter = letterOf({ 'replay-of': Buffer.from('dead_letters/1/3') })
    expect(plan(letter, { ...choice, isAgain: true })).toMatchObject({
      kind: 'send',
      record: { headers: { 'replay-of': 'dead_letters/1/17' } },
    })
  })

  it.each([
    ['of another reason', letterOf(), { ...choice, reasons: ['field_missing'] }],
    ['of another topic', letterOf(), { ...choice, topic: 'timezone2' }],
    ['without a source', letterOf({ source: Buffer.from('nonsense') }), choice],
  ])('does not choose what is %s', (_name, letter, chosen) => {
    expect(plan(letter, chosen)).toEqual({ kind: 'notChosen' })
  })
})

describe('originalHeaders', () => {
  it('takes the last value of each of the names that the ETL adds, and leaves the others', () => {
    const one = Buffer.from('one')
    const two = Buffer.from('two')
    const three = Buffer.from('three')
    const headers = { source: [one, two], '__etl.errors.reason': [one, two, three], own: [one, two] }
    expect(originalHeaders(headers)).toEqual({ source: one, '__etl.errors.reason': [one, two], own: [one, two] })
  })
})

describe('parseLetter', () => {
  it('believes the last of several headers of a name: the input may have brought the others', () => {
    const letter = letterOf({ source: [Buffer.from('forged/0/1'), Buffer.from('timezone1/0/4711')] })
    expect(letter.source).toEqual({ topic: 'timezone1', partition: 0, offset: 4711n })
  })
})
