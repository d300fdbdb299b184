import { describe, expect, it } from '@jest/globals'
import type { Fate } from '../src/fate.js'
import { createMakeKey } from '../src/key.js'
import { csv, definePipeline, json, Type } from '../src/index.js'
import { testPipeline } from '../src/testing.js'

type Tools = { readonly to: Readonly<Record<string, (value: unknown) => Fate>> }

const Value = Type.Object({ id: Type.String() })
const format = json(Value)

describe.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])('what is called %s', (name) => {
  it('may be the input of a pipeline', () => {
    const pipeline = definePipeline({ settings: {} }, () => ({
      name: 'odd',
      topics: { [name]: { name: 'odd-in', value: format }, out: { name: 'odd-out', value: format } },
      steps: { [name]: ({ value }, { to }: Tools) => to.out?.(value) ?? [] },
    }))
    const run = testPipeline(pipeline)
    run.send(name, { id: '1' })
    expect(run.outputs('out')).toMatchObject([{ value: { id: '1' } }])
  })

  it('may be an output, which has no step', () => {
    const pipeline = definePipeline({ settings: {} }, () => ({
      name: 'odd',
      topics: { in: { name: 'odd-in', value: format }, [name]: { name: 'odd-out', value: format } },
      steps: { in: ({ value }, { to }: Tools) => to[name]?.(value) ?? [] },
    }))
    const run = testPipeline(pipeline)
    run.send('in', { id: '1' })
    expect(run.outputs(name)).toMatchObject([{ value: { id: '1' } }])
  })

  it('is no boolean of a CSV, and no key unless there is such a field', () => {
    const flags = csv(Type.Object({ flag: Type.Boolean() }), { header: 'none' })
    expect(flags.decode(Buffer.from(name))).toMatchObject({ ok: false, reason: 'csv_row_invalid' })
    const makeKey = createMakeKey([name])
    expect(makeKey({ [name]: 'k' }, 'odd-in/0/0')).toBe('k')
    expect(() => makeKey({}, 'odd-in/0/0')).toThrow(`expected ${name} to be part of the key, got nothing`)
  })
})
