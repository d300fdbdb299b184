import { expect, it } from '@jest/globals'
import { toLetter } from '../src/records/letters.js'
import { showBytes } from '../src/records/shown-bytes.js'

it('takes of a header that stands there twice the last: the first came with the rejected record', () => {
  const bytes = (text: string) => showBytes(Buffer.from(text), 0, { maxBytes: 100 })
  const header = (name: string, text: string) => ({ name, value: bytes(text) })
  const letter = toLetter({
    topic: 'dead_letters',
    partition: 1,
    offset: '17',
    timestampMs: 0,
    key: bytes(''),
    value: bytes('x'),
    headers: [
      header('__etl.errors.reason', 'forged'),
      header('source', 'timezone1/0/4'),
      header('__etl.errors.reason', 'value_not_json'),
      header('__etl.errors.message', 'Expected JSON'),
      header('__etl.errors.timestamp', '1707217879944'),
    ],
    source: 'timezone1/0/4',
  })
  expect(letter).toMatchObject({
    reason: 'value_not_json',
    message: 'Expected JSON',
    rejectedAtMs: 1_707_217_879_944,
    replay: 'npm run admin -- dead-letters replay --letter 1/17',
  })
})
