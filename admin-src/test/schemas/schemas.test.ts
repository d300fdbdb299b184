import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SettingsError } from '@kafka-etl/common'
import { definePipeline, jsonSchema, Type } from '@kafka-etl/pipeline'
import { createRegistryClient, RegistryRefusal, type RegistryClient } from '@kafka-etl/pipeline/registry'
import { startFakeRegistry, type FakeRegistry } from '../../../pipeline-src/test/registry/fake-registry.js'
import { reportCheck } from '../../src/schemas/check-schemas.js'
import { reportCompatibility } from '../../src/schemas/compatibility.js'
import { withRegistry } from '../../src/schemas/connect-registry.js'
import { reportSchema, reportSchemas } from '../../src/schemas/list-schemas.js'
import { reportRegistration } from '../../src/schemas/register-schemas.js'

let registry: FakeRegistry
let client: RegistryClient
beforeEach(async () => {
  registry = await startFakeRegistry()
  client = createRegistryClient(registry.settings)
})
afterEach(() => registry.close())

const pipelineOf = (title: string) =>
  definePipeline({
    name: 'users',
    topics: { users: { name: 'users', value: jsonSchema(Type.Object({ name: Type.String() }, { title })) } },
    steps: { users: () => [] },
  }).define({})

describe('the commands about schemas', () => {
  it('register what is not there, and show it', async () => {
    expect((await reportCheck(client, pipelineOf('User'))).json).toMatchObject([{ verdict: 'new' }])
    expect((await reportRegistration(client, pipelineOf('User'))).json).toEqual([
      { topic: 'users', subject: 'users-value', id: 1 },
    ])
    expect((await reportCheck(client, pipelineOf('User'))).json).toMatchObject([{ verdict: 'registered' }])
    expect((await reportSchemas(client)).json).toEqual([
      { subject: 'users-value', type: 'JSON', version: 1, id: 1, compatibility: 'BACKWARD' },
    ])
    expect((await reportSchema(client, 'users-value')).text).toMatch(
      /^users-value, version 1, id 1, JSON\n\{\n {2}"\$schema": "http/,
    )
    await expect(reportSchema(client, 'other')).rejects.toThrow('expected a subject of the registry, got other')
  })

  it('say with 409 and exit code 2 that a schema may not follow', async () => {
    await reportRegistration(client, pipelineOf('User'))
    expect((await reportCheck(client, pipelineOf('Person'))).json).toMatchObject([{ verdict: 'may follow' }])
    expect(await reportCheck(client, pipelineOf('incompatible'))).toMatchObject({
      exitCode: 2,
      complaint: 'users: expected a schema that is compatible with those of users-value, got 409 no',
    })
    await expect(reportRegistration(client, pipelineOf('incompatible'))).rejects.toThrow(SettingsError)
    expect((await client.fetchLatest('users-value'))?.version).toBe(1)
  })

  it('set a mode, and end with exit code 2 if the registry refuses', async () => {
    expect((await reportCompatibility(client, 'users-value', 'FULL')).text).toBe('users-value: BACKWARD')
    const refused = withRegistry({ settings: registry.settings } as never, () => {
      throw new RegistryRefusal(422, '422 Invalid')
    })
    await expect(refused).rejects.toThrow(new SettingsError('the registry answered 422 Invalid'))
  })
})
