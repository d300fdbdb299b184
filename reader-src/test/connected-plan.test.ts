import { describe, expect, it } from '@jest/globals'
import { createSystemClock } from '@kafka-etl/common'
import { definePipeline, json, rows, Type } from '@kafka-etl/pipeline'
import { createConnectPlan } from '../src/connected-plan.js'
import { planResults } from '../src/result-plan.js'

const definition = definePipeline({
  name: 'plain',
  topics: { logs: { name: 'logs', value: json(Type.Object({ text: Type.String() })) } },
  steps: {},
  results: { logs: rows(['text']) },
}).define({})

describe('createConnectPlan', () => {
  it('asks no registry for formats that have no schema there', async () => {
    const connectPlan = createConnectPlan(definition, {
      settings: {
        kafkaWaitSeconds: 0,
        registryUrl: 'http://127.0.0.1:1',
        registryUsername: '',
        registryPassword: '',
        registryCaFile: '',
        registryAutoRegister: true,
      },
      logger: { info: () => undefined, warn: () => undefined },
      clock: createSystemClock(),
    })
    const [plan] = planResults(definition)
    if (!plan) throw new Error('expected a plan, got none')
    expect(await connectPlan(plan, new AbortController().signal)).toEqual({ plan, prepare: undefined })
  })
})
