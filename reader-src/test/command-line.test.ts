import { describe, expect, it } from '@jest/globals'
import { readCommandLine } from '../src/command-line.js'

describe('command line', () => {
  it('asks for the results of the pipeline without arguments', () => {
    expect(readCommandLine([])).toEqual({ kind: 'pipeline' })
  })

  it('asks for one topic', () => {
    expect(readCommandLine(['--topic', 'orders', '--columns', 'id,place.lat,$key'])).toMatchObject({
      kind: 'topic',
      plan: { pipeline: '', topic: 'orders', columns: ['id', 'place.lat', '$key'], files: { path: 'orders.csv' } },
    })
  })

  it.each([
    [['--topic', 'orders'], /got no --columns$/],
    [['--columns', 'id'], /got no --topic$/],
    [['--topic', 'orders', '--columns', ''], /^--columns: expected a column .*, got ""$/],
    [['--topic', 'orders', '--columns', 'id,,x'], /^--columns: expected a column .*, got ""$/],
    [['--topic', 'orders', '--columns', 'id,id'], /^--columns: expected each column once, got id twice$/],
    [['--topic', '../orders', '--columns', 'id'], /^--topic: expected a topic name .*, got "..\/orders"$/],
    [['--topics', 'orders'], /^expected npm run reader -- --topic TOPIC --columns NAME,NAME, got: /],
    [['orders'], /^expected npm run reader/],
  ])('says in one sentence what is wrong with %j', (args, sentence) => {
    const commandLine = readCommandLine(args)
    expect(commandLine.kind === 'wrong' ? commandLine.faults : []).toEqual([expect.stringMatching(sentence)])
  })
})
