import { describe, expect, it } from '@jest/globals'
import { definePipeline, json, jsonSchema, Type, type AnyDefinition } from '@kafka-etl/pipeline'
import { isRegistryOn } from '../../src/registry/registry-choice.js'

const Log = Type.Object({ text: Type.String() })
const pipelineOf = (definition: AnyDefinition) => ({ definition })
const plain = pipelineOf(
  definePipeline({ name: 'plain', topics: { logs: { name: 'logs', value: json(Log) } }, steps: {} }).define({}),
)
const registered = pipelineOf(
  definePipeline({ name: 'registered', topics: { logs: { name: 'logs', value: jsonSchema(Log) } }, steps: {} }).define(
    {},
  ),
)
const auto = { registry: 'auto' } as const
const ownUrl = { SCHEMA_REGISTRY_URL: 'https://registry.example.com' }

describe('isRegistryOn', () => {
  it('goes by the formats of the pipeline, unless the user has a registry', () => {
    expect(isRegistryOn({ settings: auto, pipeline: plain, environment: {} })).toBe(false)
    expect(isRegistryOn({ settings: auto, pipeline: registered, environment: {} })).toBe(true)
    expect(isRegistryOn({ settings: auto, pipeline: registered, environment: { SCHEMA_REGISTRY_URL: '' } })).toBe(true)
    expect(isRegistryOn({ settings: auto, pipeline: registered, environment: ownUrl })).toBe(false)
  })

  it('goes by REGISTRY first', () => {
    const [on, off] = [{ ...auto, registry: 'on' } as const, { ...auto, registry: 'off' } as const]
    expect(isRegistryOn({ settings: on, pipeline: plain, environment: ownUrl })).toBe(true)
    expect(isRegistryOn({ settings: off, pipeline: registered, environment: {} })).toBe(false)
  })
})
