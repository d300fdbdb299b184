import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'

withSharedBroker('reader of one topic', {}, (site) => {
  const topic = 'reader-topic-orders'
  const drain = async (serviceArguments: readonly string[], folder?: string): Promise<ServiceProcess> => {
    const reader = await startServiceProcess({
      ...{ service: 'reader', bootstrap: site.kafka.bootstrap, serviceArguments },
      ...(folder === undefined ? {} : { folder }),
      environment: { READER_FOLLOW: 'false' },
    })
    await reader.exit
    return reader
  }

  it('writes any topic of JSON by the columns, each record once over two runs', async () => {
    await site.oracle.createTopics([{ name: topic, partitionCount: 1 }])
    const write = (key: string, value: string | null) => site.oracle.write([{ topic, partition: 0, key, value }])
    await write('a', '{"id":12345678901234567890,"place":{"name":"x \\"y\\""},"tags":[1.0,{"a":null}]}')
    await write('b', 'no json')
    await write('c', null)
    const columns = ['--topic', topic, '--columns', '$key,id,place.name,tags,$deleted']
    const reader = await drain(columns)
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    await write('d', '{"id":1.50}')
    await drain(columns, reader.folder)
    expect(await readFile(join(reader.folder, 'results', `${topic}.csv`), 'utf8')).toBe(
      [
        '$key,id,place.name,tags,$deleted',
        '"a",12345678901234567890,"x ""y""","[1.0,{""a"":null}]",false',
        '"c",,,,true',
        '"d",1.50,,,false',
        '',
      ].join('\n'),
    )
    const others = await drain(['--topic', topic, '--columns', 'id'], reader.folder)
    expect(await others.exit).toEqual({ code: 2, signal: null })
    await others.waitForLine(/expected the header id, got another/)
  }, 60_000)

  it('refuses what it cannot write in one sentence, exit code 2, and leaves no files', async () => {
    const missing = await drain(['--topic', 'reader-topic-none', '--columns', 'id'])
    expect(await missing.exit).toEqual({ code: 2, signal: null })
    await missing.waitForLine(/^--topic: expected a topic that exists, got reader-topic-none$/)
    expect(await readdir(missing.folder)).toEqual([])
    const wrong = await drain(['--topic', topic, '--columns', 'id,$other'])
    expect(await wrong.exit).toEqual({ code: 2, signal: null })
    await wrong.waitForLine(/--columns: expected a column .*, got "\$other"/)
  }, 60_000)
})
