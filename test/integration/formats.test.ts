import { expect, it } from '@jest/globals'
import { uuidOf } from '../../pipeline-src/src/key.js'
import { installPipeline } from '../support/own-pipeline.js'
import { headerText } from '../support/oracle-records.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

const source = `
  import { definePipeline, json, raw, Type, unique } from '@kafka-etl/pipeline'
  const Data = Type.Object({ data: Type.String() })
  const Pet = Type.Object({ name: Type.String(), owner: Type.Optional(Type.String()), age: Type.Integer() })
  export const pipeline = definePipeline({
    name: 'formats',
    topics: {
      texts: { name: 'formats-texts', value: raw() },
      blobs: { name: 'formats-blobs', value: raw({ encoding: 'base64' }) },
      pets: { name: 'formats-pets', value: json(Pet, { fields: { owner: 'from.owner', age: '/age in years' } }) },
      unique: { name: 'formats-unique', value: json(Data), key: unique },
      changes: { name: 'formats-changes', value: json(Pet, { changes: true }), key: ['name'] },
      placed: {
        name: 'formats-placed',
        value: json(Pet, { fields: { age: 'how.old' } }),
        key: ['name', 'age'],
        partitions: 3,
      },
    },
    steps: {
      texts: ({ value }, { to }) => [to.unique(value), to.unique(value)],
      blobs: ({ value }, { to }) => to.unique(value),
      pets: ({ value }, { to }) => [to.changes(value), to.placed(value)],
    },
  })`

withSharedBroker('formats and keys', {}, (site) => {
  const { writes, count } = {
    writes: [
      { topic: 'formats-texts', value: 'Grüße' },
      { topic: 'formats-texts', value: '' },
      { topic: 'formats-texts', value: Buffer.from([0xff, 0x00]) },
      { topic: 'formats-blobs', value: Buffer.from([0xff, 0x00]) },
      { topic: 'formats-pets', value: '{"age in years":3,"from":{"owner":"Ann","more":1},"name":"Rex","more":2}' },
      { topic: 'formats-pets', value: '{"age in years":"3","name":"Rex"}' },
      { topic: 'formats-pets', value: '{"age in years":9007199254740993,"name":"Rex"}' },
      { topic: 'formats-pets', value: '{"age":3,"name":"Rex"}' },
      { topic: 'formats-pets', value: '{"name":"Tom","age in years":0}' },
    ],
    count: 9,
  }

  it('are on a broker what they are in memory, and the same once more after a kill', async () => {
    const { oracle, kafka } = site
    const installation = await installPipeline('etl', 'formats', source)
    await oracle.createTopics(
      ['texts', 'blobs', 'pets'].map((name) => ({ name: `formats-${name}`, partitionCount: 1 })),
    )
    await writeAll(
      oracle,
      writes.map((record) => ({ ...record, partition: 0, key: 'own' })),
    )
    const etl = await superviseService({
      service: 'etl',
      bootstrap: kafka.bootstrap,
      installation,
      environment: { PIPELINE: 'formats', ETL_INSTANCE: 'one' },
      // Each input's first transaction only commits where it begins. The next one has records, and is written but not
      // committed.
      environmentOf: (run): Record<string, string> => (run === 1 ? { CRASH_AT: 'etl.beforeCommit:4' } : {}),
    })
    const readAll = async (topic: string) => oracle.readTopic(`formats-${topic}`)
    const readLetters = () => oracle.readTopic('formats_dead_letters')
    await waitFor(
      async () => {
        const letters = await readLetters()
        const sources = new Set(
          [letters, ...(await Promise.all(['unique', 'changes'].map(readAll)))]
            .flat()
            .map((record) => headerText(record, 'source')?.split('/').slice(0, 3).join('/')),
        )
        return sources.size === count
      },
      { what: 'all records to be handled', deadlineMs: 60_000 },
    )
    expect(etl.exits).toEqual([{ code: null, signal: 'SIGKILL' }])
    const unique = await readAll('unique')
    expect(unique.map((record) => [headerText(record, 'source'), String(record.value)]).toSorted()).toEqual([
      ['formats-blobs/0/0', '{"data":"/wA="}'],
      ['formats-texts/0/0', '{"data":"Grüße"}'],
      ['formats-texts/0/0/1', '{"data":"Grüße"}'],
      ['formats-texts/0/1', '{"data":""}'],
      ['formats-texts/0/1/1', '{"data":""}'],
    ])
    // Including those of transactions that were not committed: a retry makes the same keys.
    for (const record of await oracle.readTopic('formats-unique', 'read_uncommitted')) {
      expect(String(record.key)).toBe(uuidOf(headerText(record, 'source') ?? ''))
    }
    const changes = await readAll('changes')
    expect(changes.map(({ key, value }) => [String(key), String(value).replace(/"time":\d{13}/, '"time":0')])).toEqual([
      ['Rex', '{"name":"Rex","owner":"Ann","age":3,"time":0,"diff":1}'],
      ['Tom', '{"name":"Tom","age":0,"time":0,"diff":1}'],
    ])
    const placed = await readAll('placed')
    expect(placed.map(({ key, value }) => [String(key), String(value)]).toSorted()).toEqual([
      ['["Rex",3]', '{"name":"Rex","owner":"Ann","how":{"old":3}}'],
      ['["Tom",0]', '{"name":"Tom","how":{"old":0}}'],
    ])
    const letters = await readLetters()
    expect(
      letters.map((record) => [headerText(record, 'source'), headerText(record, '__etl.errors.reason')]).toSorted(),
    ).toEqual([
      ['formats-pets/0/1', 'value_not_valid'],
      ['formats-pets/0/2', 'value_not_valid'],
      ['formats-pets/0/3', 'value_not_valid'],
      ['formats-texts/0/2', 'value_not_utf8'],
    ])
    expect(letters.every(({ key }) => String(key) === 'own')).toBe(true)
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
  }, 120_000)
})
